// Pooling of float32.
#include "pooling.h"

POOLING(, float)
