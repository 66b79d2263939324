#include "rt-egg.h"
