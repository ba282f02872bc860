// Products of matrices rounded to float16, by tensor cores: capability 8.0.
#include "product.h"
#include "tensor.h"

TENSOR_PRODUCTS(_f16, Float16, 1)
