// What the parts of the stand-in for TensorFlow's C library share: what it hands out, and what it tells.
//
// Environment variables say what it is like. They are read whenever they matter, so that a process may change them as it goes:
//   TF_STUB_GPU=1            there is a GPU beside the CPU
//   TF_STUB_CONTEXT=13       TFE_NewContext fails with this code
//   TF_STUB_WRONG=OP         the first number of this operation's result is one too large
//   TF_STUB_FAIL=OP=8=TEXT   this operation fails with this code and message; OP may also be CopyToDevice
//   TF_STUB_REPORT=FILE      lines of JSON are added to this file: when a context is made, when the operation StubReport is done, and at the end
#pragma once

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/c/eager/c_api.h"

namespace stub {

/** Why a call fails: what its status says then. */
struct Failure {
  TF_Code code;
  std::string message;
};

/** A base of all that is handed out. While it lives it is counted by its kind; who uses it later ends the process. */
class Object {
 public:
  explicit Object(const char* kind);
  ~Object();
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
};

/** Ends the process with a message where what a call was given is not alive. */
void expectAlive(const Object* object, const char* call);

template <class T>
T* alive(T* object, const char* call) {
  expectAlive(object, call);
  return object;
}

/** Memory of a tensor's numbers: of the library's own, or of somebody who is told when it is no longer read. */
class Memory {
 public:
  explicit Memory(size_t bytes);
  Memory(void* data, size_t bytes, void (*release)(void*, size_t, void*), void* argument);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  void* const data;
  const size_t bytes;

 private:
  void (*const release)(void*, size_t, void*);
  void* const argument;
};

/** Numbers in a shape. Several may share their memory. */
struct Content {
  TF_DataType type;
  std::vector<int64_t> sizes;
  std::shared_ptr<Memory> memory;
};

/** How many elements a shape has. */
int64_t elementCount(const std::vector<int64_t>& sizes);
/** A shape in words: [2,3]. */
std::string shapeText(const std::vector<int64_t>& sizes);

/** An attribute that was given to an operation: the number, or the list. */
using Attributes = std::map<std::string, std::vector<int64_t>>;

/** Does an operation. Throws a Failure. */
Content perform(const std::string& name, const std::vector<Content>& inputs, const Attributes& attributes);

/** The failure that the environment wants of an operation, or nothing. */
void failIfTold(const std::string& name);
/** The value of an environment variable, or an empty text. */
inline std::string setting(const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? "" : value;
}

/** Notes that a tensor was brought to a device. */
void noteCopy(const std::string& device);
/** Adds a line to the report: what happened, what is alive, and what was brought where. */
void report(const char* event);

}  // namespace stub

struct TF_Status : stub::Object {
  TF_Status() : Object("statuses") {}
  TF_Code code = TF_OK;
  std::string message;
};

struct TF_Tensor : stub::Object {
  explicit TF_Tensor(stub::Content content) : Object("tensors"), content(std::move(content)) {}
  stub::Content content;
};

struct TFE_TensorHandle : stub::Object {
  explicit TFE_TensorHandle(stub::Content content) : Object("handles"), content(std::move(content)) {}
  stub::Content content;
};

namespace stub {

/** Does something, and says in a status what came of it. Gives `otherwise` where it fails. */
template <class Result, class Work>
Result answer(TF_Status* status, Result otherwise, Work work) {
  expectAlive(status, "a call with a status");
  try {
    Result result = work();
    status->code = TF_OK;
    status->message.clear();
    return result;
  } catch (const Failure& failure) {
    status->code = failure.code;
    status->message = failure.message;
    return otherwise;
  }
}

}  // namespace stub
