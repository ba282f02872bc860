// Products of matrices rounded to TF32, by tensor cores: capability 8.0.
#include "product.h"
#include "tensor.h"

TENSOR_PRODUCTS(_tf32, Tf32, 2)
