// Convolutions of numbers rounded to float16, by tensor cores: capability 8.0.
#include "patches.h"
#include "tensor.h"

TENSOR_CONVOLUTIONS(_f16, Float16, Half<Float16>, 1)
