// Numbers between convolutions in float16.
#include "half.h"

HALF_KERNELS(_f16, Half<Float16>)
