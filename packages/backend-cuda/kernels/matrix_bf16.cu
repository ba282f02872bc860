// Products of matrices rounded to bfloat16, by tensor cores: capability 8.0.
#include "product.h"
#include "tensor.h"

TENSOR_PRODUCTS(_bf16, Bfloat16, 1)
