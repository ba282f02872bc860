// Numbers between convolutions in bfloat16.
#include "half.h"

HALF_KERNELS(_bf16, Half<Bfloat16>)
