// Streams of the look-alike, what runs on them, and what is recorded of them. What the real driver refuses while a stream records is refused here.
//
// With `emulator_defer(1)` work waits on its stream until somebody waits for it, and streams wait for each other only where they were told to: who forgets to wait
// reads what is not there yet, or finds it written over.
#include <cstdlib>
#include <cstring>
#include <deque>
#include <list>
#include <memory>
#include <set>
#include <vector>
#include "emulator.h"
#include "fibers.h"
#include "machine.h"

using namespace emulator;

namespace {

struct Stream;

/** A place in a stream, which an event stands for. */
struct Mark {
  Stream* stream;
  bool reached = false;
};

struct Operation {
  std::function<int()> work;
  std::shared_ptr<Mark> mark, waits;
};
struct Graph {
  std::vector<std::function<int()>> operations;
};
struct Stream {
  uint64_t context;
  std::deque<Operation> queue;
};
struct Event {
  int asked = 0;
  std::shared_ptr<Mark> mark;
};
struct Module {
  uint64_t context;
  std::string text;
  std::map<std::string, std::unique_ptr<struct Function>> functions;
};
struct Function {
  const Kernel* kernel;
  const Module* module;
};

std::set<Stream*> streams;
bool deferred = getenv("GRADSTREAM_EMULATOR_DEFER") && *getenv("GRADSTREAM_EMULATOR_DEFER") == '1';
Graph* recording = nullptr;
Stream* recordedStream = nullptr;
int recordingMode = 0;
bool recordingSpoilt = false;

/** Does what waits on a stream, up to a mark or all of it. */
int drain(Stream* stream, const Mark* until = nullptr) {
  while (!stream->queue.empty() && !(until && until->reached)) {
    Operation next = std::move(stream->queue.front());
    stream->queue.pop_front();
    if (next.waits && !next.waits->reached)
      if (int error = drain(next.waits->stream, next.waits.get())) return error;
    if (next.work)
      if (int error = next.work()) {
        int device = deviceOf(stream->context);
        if (device >= 0) devices[device].broken = error;
        return error;
      }
    if (next.mark) next.mark->reached = true;
  }
  return OK;
}

Stream* streamOf(void* handle) {
  auto* stream = (Stream*)handle;
  return streams.count(stream) && stream->context == current ? stream : nullptr;
}

int queue(Stream* stream, Operation&& operation) {
  stream->queue.push_back(std::move(operation));
  return deferred ? OK : drain(stream);
}

int run(void* handle, std::function<int()> work) {
  Stream* stream = streamOf(handle);
  if (!stream) return INVALID_HANDLE;
  if (recording && stream == recordedStream) {
    recording->operations.push_back(std::move(work));
    return OK;
  }
  return queue(stream, {std::move(work), nullptr, nullptr});
}

int copy(uint64_t to, uint64_t from, size_t bytes, void* stream, bool toDevice, bool fromDevice) {
  if (!isInside(toDevice ? blocks : hostBlocks, to, bytes)) return INVALID_VALUE;
  if (!isInside(fromDevice ? blocks : hostBlocks, from, bytes)) return INVALID_VALUE;
  return run(stream, [=] { return memmove((void*)to, (const void*)from, bytes), OK; });
}

}  // namespace

namespace emulator {

int drainAll(int device) {
  int result = OK;
  for (Stream* stream : streams)
    if (deviceOf(stream->context) == device)
      if (int error = drain(stream)) result = error;
  return result;
}

bool isRecordingStrictly() { return recording && recordingMode != 2; }

int refuseInRecording() {
  if (!recording) return OK;
  recordingSpoilt = true;
  return CAPTURE_UNSUPPORTED;
}

__attribute__((visibility("default"))) int submit(void* stream, std::function<void()> work) {
  return run(stream, [work] { return work(), OK; });
}

}  // namespace emulator

API int cuMemcpyHtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  ENTER(cuMemcpyHtoDAsync_v2)
  if (stream == recordedStream)
    if (int error = refuseInRecording()) return error;
  return copy(to, from, bytes, stream, true, false);
}
API int cuMemcpyDtoHAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  ENTER(cuMemcpyDtoHAsync_v2)
  if (int error = refuseInRecording()) return error;
  return copy(to, from, bytes, stream, false, true);
}
API int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void* stream) {
  ENTER(cuMemcpyDtoDAsync_v2)
  return copy(to, from, bytes, stream, true, true);
}

API int cuStreamCreate(void** stream, unsigned) {
  ENTER(cuStreamCreate)
  auto* made = new Stream{current, {}};
  streams.insert(made);
  return *stream = made, OK;
}
API int cuStreamDestroy_v2(void* handle) {
  ENTER(cuStreamDestroy_v2)
  Stream* stream = streamOf(handle);
  if (!stream) return INVALID_HANDLE;
  drain(stream);
  streams.erase(stream);
  delete stream;
  return OK;
}
API int cuStreamSynchronize(void* handle) {
  ENTER(cuStreamSynchronize)
  if (int error = refuseInRecording()) return error;
  Stream* stream = streamOf(handle);
  return stream ? drain(stream) : INVALID_HANDLE;
}
API int cuStreamWaitEvent(void* handle, void* event, unsigned) {
  ENTER(cuStreamWaitEvent)
  Stream* stream = streamOf(handle);
  if (!stream) return INVALID_HANDLE;
  if (recording && stream == recordedStream) return recordingSpoilt = true, CAPTURE_ISOLATION;
  return queue(stream, {nullptr, nullptr, ((Event*)event)->mark});
}
API int cuEventCreate(void** event, unsigned) {
  ENTER(cuEventCreate)
  return *event = new Event, OK;
}
API int cuEventDestroy_v2(void* event) {
  ENTER(cuEventDestroy_v2)
  delete (Event*)event;
  return OK;
}
API int cuEventRecord(void* event, void* handle) {
  ENTER(cuEventRecord)
  Stream* stream = streamOf(handle);
  if (!stream) return INVALID_HANDLE;
  if (recording && stream == recordedStream) return OK;
  auto* one = (Event*)event;
  one->asked = 0;
  one->mark = std::make_shared<Mark>(Mark{stream});
  return queue(stream, {nullptr, one->mark, nullptr});
}
API int cuEventQuery(void* event) {
  ENTER(cuEventQuery)
  if (int error = refuseInRecording()) return error;
  auto* one = (Event*)event;
  if (one->asked++ < 2) return NOT_READY;
  return one->mark && !one->mark->reached ? drain(one->mark->stream, one->mark.get()) : OK;
}
API int cuEventSynchronize(void* event) {
  ENTER(cuEventSynchronize)
  if (int error = refuseInRecording()) return error;
  auto* one = (Event*)event;
  return one->mark && !one->mark->reached ? drain(one->mark->stream, one->mark.get()) : OK;
}

API int cuModuleLoadData(void** module, const void* image) {
  ENTER(cuModuleLoadData)
  std::string text((const char*)image);
  if (text.find(".version") == std::string::npos) return text.empty() ? INVALID_IMAGE : INVALID_PTX;
  auto target = text.find(".target sm_");
  if (target != std::string::npos && atoi(text.c_str() + target + 11) > settings.capability) return 209;
  *module = new Module{current, text, {}};
  return OK;
}
API int cuModuleUnload(void* module) {
  ENTER(cuModuleUnload)
  delete (Module*)module;
  return OK;
}
API int cuModuleGetFunction(void** function, void* handle, const char* name) {
  ENTER(cuModuleGetFunction)
  auto* module = (Module*)handle;
  const Kernel* kernel = emulator::find(name);
  if (!kernel && loadTensorCores()) kernel = emulator::find(name);
  if (module->text.find(std::string(".entry ") + name + "(") == std::string::npos || !kernel) return NOT_FOUND;
  auto& made = module->functions[name];
  if (!made) made.reset(new Function{kernel, module});
  *function = made.get();
  return OK;
}
API int cuLaunchKernel(void* handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, void* stream, void** parameters, void**) {
  ENTER(cuLaunchKernel)
  if (gx == 0 || gy == 0 || gz == 0 || gx > 2147483647u || gy > settings.grid || gz > settings.grid) return INVALID_VALUE;
  if (bx * by * bz == 0 || bx * by * bz > 1024) return INVALID_VALUE;
  auto* function = (const Function*)handle;
  if (function->module->context != current) return INVALID_HANDLE;
  const Kernel* kernel = function->kernel;
  // The driver copies arguments when it is called.
  auto values = std::make_shared<std::vector<std::vector<char>>>();
  for (size_t i = 0; i < kernel->sizes.size(); i++) {
    auto* value = (const char*)parameters[i];
    values->emplace_back(value, value + kernel->sizes[i]);
  }
  return run(stream, [=] {
    std::vector<void*> pointers;
    for (auto& value : *values) pointers.push_back(value.data());
    return emulator::launch(kernel, {gx, gy, gz}, {bx, by, bz}, pointers.data()) ? OK : LAUNCH_FAILED;
  });
}

API int cuStreamBeginCapture_v2(void* stream, int mode) {
  ENTER(cuStreamBeginCapture_v2)
  if (recording) return CAPTURE_UNSUPPORTED;
  if (!(recordedStream = streamOf(stream))) return INVALID_HANDLE;
  recording = new Graph;
  recordingMode = mode;
  recordingSpoilt = false;
  return OK;
}
API int cuStreamEndCapture(void*, void** graph) {
  // A recording ends whatever the answer is.
  Graph* ended = recording;
  recording = nullptr;
  recordedStream = nullptr;
  *graph = nullptr;
  int error = enter("cuStreamEndCapture");
  if (!error && !ended) error = INVALID_VALUE;
  if (!error && recordingSpoilt) error = CAPTURE_INVALIDATED;
  if (error) delete ended;
  else *graph = ended;
  return error;
}
API int cuGraphInstantiateWithFlags(void** executable, void* graph, uint64_t) {
  ENTER(cuGraphInstantiateWithFlags)
  *executable = new Graph(*(Graph*)graph);
  return OK;
}
API int cuGraphLaunch(void* executable, void* stream) {
  ENTER(cuGraphLaunch)
  if (int error = refuseInRecording()) return error;
  for (auto& operation : ((Graph*)executable)->operations)
    if (int error = run(stream, operation)) return error;
  return OK;
}
API int cuGraphExecDestroy(void* executable) {
  ENTER(cuGraphExecDestroy)
  delete (Graph*)executable;
  return OK;
}
API int cuGraphDestroy(void* graph) {
  ENTER(cuGraphDestroy)
  delete (Graph*)graph;
  return OK;
}

/** How much work waits on a stream. */
API long emulator_waiting(void* stream) { return (long)((Stream*)stream)->queue.size(); }
/** With 1 work is done as late as it may be, with 0 at once. */
API void emulator_defer(int on) { deferred = on != 0; }
