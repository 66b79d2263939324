#include "rt-hen.h"
