// Tensors in the memory of the host.
#ifndef GRADSTREAM_STUB_TF_TENSOR_H
#define GRADSTREAM_STUB_TF_TENSOR_H

#include <stddef.h>
#include <stdint.h>

#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"

typedef struct TF_Tensor TF_Tensor;

#ifdef __cplusplus
extern "C" {
#endif

/* A tensor around memory of the caller's, which `release` is told of when nothing reads it any longer. */
TF_Tensor* TF_NewTensor(TF_DataType type, const int64_t* sizes, int rank, void* data, size_t bytes,
                        void (*release)(void* data, size_t bytes, void* argument), void* argument);
/* A tensor with memory of its own. */
TF_Tensor* TF_AllocateTensor(TF_DataType type, const int64_t* sizes, int rank, size_t bytes);
void TF_DeleteTensor(TF_Tensor* tensor);
TF_DataType TF_TensorType(const TF_Tensor* tensor);
int TF_NumDims(const TF_Tensor* tensor);
int64_t TF_Dim(const TF_Tensor* tensor, int axis);
size_t TF_TensorByteSize(const TF_Tensor* tensor);
void* TF_TensorData(const TF_Tensor* tensor);
int64_t TF_TensorElementCount(const TF_Tensor* tensor);

#ifdef __cplusplus
}
#endif
#endif
