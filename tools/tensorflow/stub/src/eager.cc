// Contexts, their devices, and operations that are done at once.
#include <csignal>
#include <cstring>

#include "stub.h"

using stub::alive;
using stub::answer;
using stub::Failure;

namespace {

using Devices = std::vector<std::pair<std::string, std::string>>;

/** Name and kind of each device. */
Devices devicesNow() {
  const std::string machine = "/job:localhost/replica:0/task:0/device:";
  Devices devices{{machine + "CPU:0", "CPU"}};
  if (!stub::setting("TF_STUB_GPU").empty()) devices.emplace_back(machine + "GPU:0", "GPU");
  return devices;
}

}  // namespace

struct TFE_ContextOptions : stub::Object {
  TFE_ContextOptions() : Object("contextOptions") {}
};

struct TFE_Context : stub::Object {
  TFE_Context() : Object("contexts"), devices(devicesNow()) {}
  const Devices devices;
};

struct TF_DeviceList : stub::Object {
  explicit TF_DeviceList(Devices devices) : Object("deviceLists"), devices(std::move(devices)) {}
  const Devices devices;
};

struct TFE_Op : stub::Object {
  explicit TFE_Op(const char* name) : Object("operations"), name(name) {}
  const std::string name;
  std::vector<stub::Content> inputs;
  stub::Attributes attributes;
  void set(const char* attribute, std::vector<int64_t> values) {
    alive(this, "TFE_OpSetAttr");
    attributes[attribute] = std::move(values);
  }
};

namespace stub {

void failIfTold(const std::string& name) {
  const std::string told = setting("TF_STUB_FAIL");
  const size_t first = told.find('='), second = told.find('=', first + 1);
  if (second == std::string::npos || told.substr(0, first) != name) return;
  throw Failure{static_cast<TF_Code>(atoi(told.c_str() + first + 1)), told.substr(second + 1)};
}

}  // namespace stub

extern "C" {

const char* TF_Version() { return "2.9.1-stub"; }

TFE_ContextOptions* TFE_NewContextOptions() { return new TFE_ContextOptions; }
void TFE_DeleteContextOptions(TFE_ContextOptions* options) { delete alive(options, "TFE_DeleteContextOptions"); }

TFE_Context* TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  return answer<TFE_Context*>(status, nullptr, [&] {
    alive(options, "TFE_NewContext");
    stub::report("context");
    if (const int code = atoi(stub::setting("TF_STUB_CONTEXT").c_str()))
      throw Failure{static_cast<TF_Code>(code), "stub: told to make no context"};
    return new TFE_Context;
  });
}

void TFE_DeleteContext(TFE_Context* context) { delete alive(context, "TFE_DeleteContext"); }

TF_DeviceList* TFE_ContextListDevices(TFE_Context* context, TF_Status* status) {
  // The addon asks a context for its devices that it did not get. TensorFlow does not look, and the process ends as here.
  if (context == nullptr) raise(SIGSEGV);
  return answer<TF_DeviceList*>(status, nullptr, [&] {
    return new TF_DeviceList(alive(context, "TFE_ContextListDevices")->devices);
  });
}

int TF_DeviceListCount(const TF_DeviceList* list) {
  return static_cast<int>(alive(list, "TF_DeviceListCount")->devices.size());
}
const char* TF_DeviceListName(const TF_DeviceList* list, int index, TF_Status* status) {
  return answer<const char*>(status, nullptr,
                             [&] { return alive(list, "TF_DeviceListName")->devices.at(index).first.c_str(); });
}
const char* TF_DeviceListType(const TF_DeviceList* list, int index, TF_Status* status) {
  return answer<const char*>(status, nullptr,
                             [&] { return alive(list, "TF_DeviceListType")->devices.at(index).second.c_str(); });
}
void TF_DeleteDeviceList(TF_DeviceList* list) { delete alive(list, "TF_DeleteDeviceList"); }

TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle* handle, TFE_Context* context, const char* device,
                                               TF_Status* status) {
  return answer<TFE_TensorHandle*>(status, nullptr, [&] {
    alive(handle, "TFE_TensorHandleCopyToDevice");
    for (const auto& [name, kind] : alive(context, "TFE_TensorHandleCopyToDevice")->devices) {
      if (name != device) continue;
      stub::failIfTold("CopyToDevice");
      stub::noteCopy(kind);
      return new TFE_TensorHandle(handle->content);
    }
    throw Failure{TF_INVALID_ARGUMENT, std::string("stub: there is no device ") + device};
  });
}

TFE_Op* TFE_NewOp(TFE_Context* context, const char* name, TF_Status* status) {
  return answer<TFE_Op*>(status, nullptr, [&] {
    alive(context, "TFE_NewOp");
    return new TFE_Op(name);
  });
}
void TFE_DeleteOp(TFE_Op* operation) {
  if (operation != nullptr) delete alive(operation, "TFE_DeleteOp");
}

void TFE_OpAddInput(TFE_Op* operation, TFE_TensorHandle* input, TF_Status* status) {
  answer<bool>(status, false, [&] {
    alive(operation, "TFE_OpAddInput")->inputs.push_back(alive(input, "TFE_OpAddInput")->content);
    return true;
  });
}

void TFE_OpSetAttrInt(TFE_Op* operation, const char* name, int64_t value) { operation->set(name, {value}); }
void TFE_OpSetAttrBool(TFE_Op* operation, const char* name, unsigned char value) { operation->set(name, {value}); }
void TFE_OpSetAttrType(TFE_Op* operation, const char* name, TF_DataType value) { operation->set(name, {value}); }
void TFE_OpSetAttrIntList(TFE_Op* operation, const char* name, const int64_t* values, int count) {
  operation->set(name, {values, values + count});
}
void TFE_OpSetAttrBoolList(TFE_Op* operation, const char* name, const unsigned char* values, int count) {
  operation->set(name, {values, values + count});
}
void TFE_OpSetAttrShape(TFE_Op* operation, const char* name, const int64_t* sizes, int rank, TF_Status* status) {
  answer<bool>(status, false, [&] {
    operation->set(name, {sizes, sizes + rank});
    return true;
  });
}
// No operation of ours has an attribute that is a text or a fraction.
void TFE_OpSetAttrString(TFE_Op* operation, const char*, const void*, size_t) { alive(operation, "TFE_OpSetAttr"); }
void TFE_OpSetAttrFloat(TFE_Op* operation, const char*, float) { alive(operation, "TFE_OpSetAttr"); }
void TFE_OpSetAttrFloatList(TFE_Op* operation, const char*, const float*, int) { alive(operation, "TFE_OpSetAttr"); }

void TFE_Execute(TFE_Op* operation, TFE_TensorHandle** results, int* count, TF_Status* status) {
  answer<bool>(status, false, [&] {
    const auto& [name, inputs, attributes] =
        std::tie(alive(operation, "TFE_Execute")->name, operation->inputs, operation->attributes);
    if (name == "StubReport") {
      stub::report("now");
      *count = 0;
      return true;
    }
    stub::failIfTold(name);
    if (*count < 1) throw Failure{TF_INVALID_ARGUMENT, "stub: no room for the result of " + name};
    results[0] = new TFE_TensorHandle(stub::perform(name, inputs, attributes));
    *count = 1;
    return true;
  });
}
}
