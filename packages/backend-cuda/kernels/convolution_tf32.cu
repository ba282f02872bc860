// Convolutions of numbers rounded to TF32, by tensor cores: capability 8.0.
#include "patches.h"
#include "tensor.h"

TENSOR_CONVOLUTIONS(_tf32, Tf32, float, 2)
