// The version, devices, and what the addon of tfjs-node calls for SavedModels.
#ifndef GRADSTREAM_STUB_C_API_H
#define GRADSTREAM_STUB_C_API_H

#include "tensorflow/c/tf_datatype.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

typedef enum TF_AttrType {
  TF_ATTR_STRING = 0,
  TF_ATTR_INT = 1,
  TF_ATTR_FLOAT = 2,
  TF_ATTR_BOOL = 3,
  TF_ATTR_TYPE = 4,
  TF_ATTR_SHAPE = 5
} TF_AttrType;

typedef struct TF_Buffer TF_Buffer;
typedef struct TF_DeviceList TF_DeviceList;
typedef struct TF_Graph TF_Graph;
typedef struct TF_Operation TF_Operation;
typedef struct TF_Session TF_Session;
typedef struct TF_SessionOptions TF_SessionOptions;

/* One of the results of an operation in a graph. */
typedef struct TF_Output {
  TF_Operation* oper;
  int index;
} TF_Output;

#ifdef __cplusplus
extern "C" {
#endif

const char* TF_Version(void);

int TF_DeviceListCount(const TF_DeviceList* list);
const char* TF_DeviceListName(const TF_DeviceList* list, int index, TF_Status* status);
const char* TF_DeviceListType(const TF_DeviceList* list, int index, TF_Status* status);
void TF_DeleteDeviceList(TF_DeviceList* list);

TF_Buffer* TF_NewBuffer(void);
TF_Buffer* TF_NewBufferFromString(const void* bytes, size_t length);
void TF_DeleteBuffer(TF_Buffer* buffer);

TF_Graph* TF_NewGraph(void);
void TF_DeleteGraph(TF_Graph* graph);
TF_Operation* TF_GraphOperationByName(TF_Graph* graph, const char* name);

TF_SessionOptions* TF_NewSessionOptions(void);
void TF_DeleteSessionOptions(TF_SessionOptions* options);
TF_Session* TF_LoadSessionFromSavedModel(const TF_SessionOptions* options, const TF_Buffer* run, const char* folder,
                                         const char* const* tags, int tagCount, TF_Graph* graph, TF_Buffer* meta,
                                         TF_Status* status);
void TF_SessionRun(TF_Session* session, const TF_Buffer* options, const TF_Output* inputs, TF_Tensor* const* values,
                   int inputCount, const TF_Output* outputs, TF_Tensor** results, int outputCount,
                   const TF_Operation* const* targets, int targetCount, TF_Buffer* metadata, TF_Status* status);
void TF_DeleteSession(TF_Session* session, TF_Status* status);

#ifdef __cplusplus
}
#endif
#endif
