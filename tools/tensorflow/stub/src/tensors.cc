// Statuses, tensors and handles.
#include <cstring>

#include "stub.h"

using stub::alive;
using stub::answer;
using stub::Content;
using stub::Failure;

namespace stub {

int64_t elementCount(const std::vector<int64_t>& sizes) {
  int64_t count = 1;
  for (const int64_t size : sizes) count *= size;
  return count;
}

std::string shapeText(const std::vector<int64_t>& sizes) {
  std::string text;
  for (const int64_t size : sizes) text += (text.empty() ? "" : ",") + std::to_string(size);
  return "[" + text + "]";
}

}  // namespace stub

namespace {

/** TensorFlow ends the process too where an axis is out of range. */
int64_t sizeAt(const Content& content, int axis) {
  if (axis >= 0 && static_cast<size_t>(axis) < content.sizes.size()) return content.sizes[axis];
  fprintf(stderr, "stub: a tensor of shape %s has no axis %d.\n", stub::shapeText(content.sizes).c_str(), axis);
  abort();
}

Content contentOf(TF_DataType type, const int64_t* sizes, int rank, std::shared_ptr<stub::Memory> memory) {
  Content content{type, std::vector<int64_t>(sizes, sizes + rank), std::move(memory)};
  const size_t width = type == TF_STRING ? 0 : TF_DataTypeSize(type);
  if (width != 0 && content.memory->bytes != width * stub::elementCount(content.sizes)) {
    fprintf(stderr, "stub: %zu bytes for a tensor of shape %s.\n", content.memory->bytes,
            stub::shapeText(content.sizes).c_str());
    abort();
  }
  return content;
}

}  // namespace

extern "C" {

size_t TF_DataTypeSize(TF_DataType type) {
  switch (type) {
    case TF_UINT8:
    case TF_BOOL:
      return 1;
    case TF_FLOAT:
    case TF_INT32:
      return 4;
    case TF_COMPLEX64:
    case TF_INT64:
      return 8;
    default:
      return 0;
  }
}

TF_Status* TF_NewStatus() { return new TF_Status; }
void TF_DeleteStatus(TF_Status* status) { delete alive(status, "TF_DeleteStatus"); }
TF_Code TF_GetCode(const TF_Status* status) { return alive(status, "TF_GetCode")->code; }
const char* TF_Message(const TF_Status* status) { return alive(status, "TF_Message")->message.c_str(); }

TF_Tensor* TF_NewTensor(TF_DataType type, const int64_t* sizes, int rank, void* data, size_t bytes,
                        void (*release)(void*, size_t, void*), void* argument) {
  return new TF_Tensor(contentOf(type, sizes, rank, std::make_shared<stub::Memory>(data, bytes, release, argument)));
}

TF_Tensor* TF_AllocateTensor(TF_DataType type, const int64_t* sizes, int rank, size_t bytes) {
  return new TF_Tensor(contentOf(type, sizes, rank, std::make_shared<stub::Memory>(bytes)));
}

void TF_DeleteTensor(TF_Tensor* tensor) {
  if (tensor != nullptr) delete alive(tensor, "TF_DeleteTensor");
}
TF_DataType TF_TensorType(const TF_Tensor* tensor) { return alive(tensor, "TF_TensorType")->content.type; }
int TF_NumDims(const TF_Tensor* tensor) { return static_cast<int>(alive(tensor, "TF_NumDims")->content.sizes.size()); }
int64_t TF_Dim(const TF_Tensor* tensor, int axis) { return sizeAt(alive(tensor, "TF_Dim")->content, axis); }
size_t TF_TensorByteSize(const TF_Tensor* tensor) { return alive(tensor, "TF_TensorByteSize")->content.memory->bytes; }
void* TF_TensorData(const TF_Tensor* tensor) { return alive(tensor, "TF_TensorData")->content.memory->data; }
int64_t TF_TensorElementCount(const TF_Tensor* tensor) {
  return stub::elementCount(alive(tensor, "TF_TensorElementCount")->content.sizes);
}

TFE_TensorHandle* TFE_NewTensorHandle(const TF_Tensor* tensor, TF_Status* status) {
  return answer<TFE_TensorHandle*>(
      status, nullptr, [&] { return new TFE_TensorHandle(alive(tensor, "TFE_NewTensorHandle")->content); });
}

void TFE_DeleteTensorHandle(TFE_TensorHandle* handle) {
  if (handle != nullptr) delete alive(handle, "TFE_DeleteTensorHandle");
}
TF_DataType TFE_TensorHandleDataType(TFE_TensorHandle* handle) {
  return alive(handle, "TFE_TensorHandleDataType")->content.type;
}

int TFE_TensorHandleNumDims(TFE_TensorHandle* handle, TF_Status* status) {
  return answer<int>(status, -1, [&] {
    return static_cast<int>(alive(handle, "TFE_TensorHandleNumDims")->content.sizes.size());
  });
}

int64_t TFE_TensorHandleDim(TFE_TensorHandle* handle, int axis, TF_Status* status) {
  return answer<int64_t>(status, -1, [&] { return sizeAt(alive(handle, "TFE_TensorHandleDim")->content, axis); });
}

TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle* handle, TF_Status* status) {
  return answer<TF_Tensor*>(status, nullptr,
                            [&] { return new TF_Tensor(alive(handle, "TFE_TensorHandleResolve")->content); });
}
}
