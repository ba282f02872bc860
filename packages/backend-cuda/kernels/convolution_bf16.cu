// Convolutions of numbers rounded to bfloat16, by tensor cores: capability 8.0.
#include "patches.h"
#include "tensor.h"

TENSOR_CONVOLUTIONS(_bf16, Bfloat16, Half<Bfloat16>, 1)
