// Operations that are done as soon as they are asked for.
#ifndef GRADSTREAM_STUB_EAGER_C_API_H
#define GRADSTREAM_STUB_EAGER_C_API_H

#include "tensorflow/c/c_api.h"

typedef struct TFE_Context TFE_Context;
typedef struct TFE_ContextOptions TFE_ContextOptions;
typedef struct TFE_Op TFE_Op;
typedef struct TFE_TensorHandle TFE_TensorHandle;

#ifdef __cplusplus
extern "C" {
#endif

TFE_ContextOptions* TFE_NewContextOptions(void);
void TFE_DeleteContextOptions(TFE_ContextOptions* options);
TFE_Context* TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status);
void TFE_DeleteContext(TFE_Context* context);
TF_DeviceList* TFE_ContextListDevices(TFE_Context* context, TF_Status* status);

/* Handles hold a tensor, wherever it lies. */
TFE_TensorHandle* TFE_NewTensorHandle(const TF_Tensor* tensor, TF_Status* status);
void TFE_DeleteTensorHandle(TFE_TensorHandle* handle);
TF_DataType TFE_TensorHandleDataType(TFE_TensorHandle* handle);
int TFE_TensorHandleNumDims(TFE_TensorHandle* handle, TF_Status* status);
int64_t TFE_TensorHandleDim(TFE_TensorHandle* handle, int axis, TF_Status* status);
TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle* handle, TF_Status* status);
TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle* handle, TFE_Context* context, const char* device,
                                               TF_Status* status);

TFE_Op* TFE_NewOp(TFE_Context* context, const char* name, TF_Status* status);
void TFE_DeleteOp(TFE_Op* operation);
void TFE_OpAddInput(TFE_Op* operation, TFE_TensorHandle* input, TF_Status* status);
void TFE_OpSetAttrString(TFE_Op* operation, const char* name, const void* bytes, size_t length);
void TFE_OpSetAttrInt(TFE_Op* operation, const char* name, int64_t value);
void TFE_OpSetAttrIntList(TFE_Op* operation, const char* name, const int64_t* values, int count);
void TFE_OpSetAttrFloat(TFE_Op* operation, const char* name, float value);
void TFE_OpSetAttrFloatList(TFE_Op* operation, const char* name, const float* values, int count);
void TFE_OpSetAttrBool(TFE_Op* operation, const char* name, unsigned char value);
void TFE_OpSetAttrBoolList(TFE_Op* operation, const char* name, const unsigned char* values, int count);
void TFE_OpSetAttrType(TFE_Op* operation, const char* name, TF_DataType value);
void TFE_OpSetAttrShape(TFE_Op* operation, const char* name, const int64_t* sizes, int rank, TF_Status* status);
/* Does an operation. `count` says how many results there is room for, and then how many there are. */
void TFE_Execute(TFE_Op* operation, TFE_TensorHandle** results, int* count, TF_Status* status);

#ifdef __cplusplus
}
#endif
#endif
