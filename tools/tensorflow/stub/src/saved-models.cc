// What the addon calls for SavedModels. There are none here, and a call says so.
#include "stub.h"

using stub::alive;
using stub::answer;
using stub::Failure;

struct TF_Buffer : stub::Object {
  TF_Buffer() : Object("buffers") {}
};
struct TF_Graph : stub::Object {
  TF_Graph() : Object("graphs") {}
};
struct TF_SessionOptions : stub::Object {
  TF_SessionOptions() : Object("sessionOptions") {}
};

extern "C" {

TF_Buffer* TF_NewBuffer() { return new TF_Buffer; }
TF_Buffer* TF_NewBufferFromString(const void*, size_t) { return new TF_Buffer; }
void TF_DeleteBuffer(TF_Buffer* buffer) { delete alive(buffer, "TF_DeleteBuffer"); }

TF_Graph* TF_NewGraph() { return new TF_Graph; }
void TF_DeleteGraph(TF_Graph* graph) { delete alive(graph, "TF_DeleteGraph"); }
TF_Operation* TF_GraphOperationByName(TF_Graph*, const char*) { return nullptr; }

TF_SessionOptions* TF_NewSessionOptions() { return new TF_SessionOptions; }
void TF_DeleteSessionOptions(TF_SessionOptions* options) { delete alive(options, "TF_DeleteSessionOptions"); }

TF_Session* TF_LoadSessionFromSavedModel(const TF_SessionOptions*, const TF_Buffer*, const char*, const char* const*,
                                         int, TF_Graph*, TF_Buffer*, TF_Status* status) {
  return answer<TF_Session*>(status, nullptr,
                             []() -> TF_Session* { throw Failure{TF_UNIMPLEMENTED, "stub: no SavedModels here"}; });
}
void TF_SessionRun(TF_Session*, const TF_Buffer*, const TF_Output*, TF_Tensor* const*, int, const TF_Output*,
                   TF_Tensor**, int, const TF_Operation* const*, int, TF_Buffer*, TF_Status* status) {
  answer<bool>(status, false, []() -> bool { throw Failure{TF_UNIMPLEMENTED, "stub: no SavedModels here"}; });
}
void TF_DeleteSession(TF_Session*, TF_Status* status) {
  answer<bool>(status, false, [] { return true; });
}
}
