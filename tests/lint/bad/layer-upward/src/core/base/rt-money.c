#include "rt-product.h"
