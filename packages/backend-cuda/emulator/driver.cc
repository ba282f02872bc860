// A look-alike of libcuda: the part of the driver's interface that src/driver/driver.ts uses, on the host's memory. What the real driver refuses while a stream
// records is refused here. Tests set up devices with `emulator_configure` and let calls fail with `emulator_fail`.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include "emulator.h"
#include "fibers.h"

using emulator::Kernel;

namespace {

enum {
  OK = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_PTX = 218,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  CONTEXT_IS_DESTROYED = 709,
  LAUNCH_FAILED = 719,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901
};

struct Operation {
  const Kernel* kernel = nullptr;
  uint3 grid, block;
  // The driver copies arguments when it is called.
  std::vector<std::vector<char>> values;
  void* to = nullptr;
  const void* from = nullptr;
  size_t bytes = 0;
};
struct Graph {
  std::vector<Operation> operations;
};
struct Module {
  std::string text;
};
struct Event {
  int asked = 0;
};

struct Settings {
  int version = 13000, devices = 1, capability = 90;
  long long memory = 1ll << 31;
} settings;

bool started = false;
/** How often the primary context is held, which one it is, and which one is current: 0 is none. What is released for the last time is destroyed. */
int holders = 0;
uint64_t context = 0, current = 0;
// After some errors a context answers every call with the same.
int broken = OK;
std::map<uint64_t, size_t> blocks;
std::map<uint64_t, size_t> hostBlocks;
long long used = 0;
Graph* recording = nullptr;
int recordingMode = 0;
bool recordingSpoilt = false;
long launches = 0;

struct Planned {
  int calls, error;
};
std::map<std::string, Planned> planned;
std::map<std::string, long> called;

/** What a call answers before it does anything: a planned failure, or what broke the context. */
int enter(const char* name, bool needsContext = true) {
  called[name]++;
  auto plan = planned.find(name);
  if (plan != planned.end() && plan->second.calls-- == 0) {
    int error = plan->second.error;
    planned.erase(plan);
    if (error == ILLEGAL_ADDRESS || error == LAUNCH_FAILED || error == 46 || error == 999) broken = error;
    return error;
  }
  if (!needsContext) return OK;
  if (broken != OK) return broken;
  if (!started) return NOT_INITIALIZED;
  if (strncmp(name, "cuDevice", 8) == 0 || strcmp(name, "cuCtxSetCurrent") == 0) return OK;
  if (current == 0) return INVALID_CONTEXT;
  return holders == 0 || current != context ? CONTEXT_IS_DESTROYED : OK;
}

/** What a context held goes with it. */
void destroyContext() {
  for (auto& block : blocks) free((void*)block.first);
  for (auto& block : hostBlocks) free((void*)block.first);
  blocks.clear();
  hostBlocks.clear();
  used = 0;
  broken = OK;
}

#define ENTER(name) \
  if (int error = enter(#name)) return error;

/** Whether so many bytes at an address lie in one allocation. */
bool isInside(const std::map<uint64_t, size_t>& all, uint64_t address, size_t bytes) {
  auto after = all.upper_bound(address);
  if (after == all.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second;
}

int execute(Operation& operation) {
  if (!operation.kernel) {
    memmove(operation.to, operation.from, operation.bytes);
    return OK;
  }
  std::vector<void*> pointers;
  for (auto& value : operation.values) pointers.push_back(value.data());
  launches++;
  if (emulator::launch(operation.kernel, operation.grid, operation.block, pointers.data())) return OK;
  return broken = LAUNCH_FAILED;
}

int submit(Operation&& operation) {
  if (!recording) return execute(operation);
  recording->operations.push_back(std::move(operation));
  return OK;
}

/** A call that no recording may hold: it spoils it. */
int refuseInRecording() {
  if (!recording) return OK;
  recordingSpoilt = true;
  return CAPTURE_UNSUPPORTED;
}

}  // namespace

#define API extern "C" __attribute__((visibility("default")))

API int cuInit(unsigned) {
  if (int error = enter("cuInit", false)) return error;
  if (settings.devices == 0) return NO_DEVICE;
  started = true;
  return OK;
}
API int cuDriverGetVersion(int* version) { return *version = settings.version, enter("cuDriverGetVersion", false); }
API int cuDeviceGetCount(int* count) {
  ENTER(cuDeviceGetCount)
  return *count = settings.devices, OK;
}
API int cuDeviceGet(int* device, int ordinal) {
  ENTER(cuDeviceGet)
  return *device = ordinal, ordinal < settings.devices ? OK : INVALID_DEVICE;
}
API int cuDeviceGetName(char* name, int length, int device) {
  ENTER(cuDeviceGetName)
  return snprintf(name, length, "CPU emulation %d", device), OK;
}
API int cuDeviceGetAttribute(int* value, int attribute, int) {
  ENTER(cuDeviceGetAttribute)
  *value = attribute == 75 ? settings.capability / 10 : attribute == 76 ? settings.capability % 10 : attribute == 16 ? 4 : 0;
  return OK;
}
API int cuDeviceTotalMem_v2(size_t* bytes, int) {
  ENTER(cuDeviceTotalMem_v2)
  return *bytes = settings.memory, OK;
}
API int cuDevicePrimaryCtxRetain(void** held, int) {
  ENTER(cuDevicePrimaryCtxRetain)
  if (holders++ == 0) context++;
  return *held = (void*)context, OK;
}
API int cuDevicePrimaryCtxRelease_v2(int) {
  int error = enter("cuDevicePrimaryCtxRelease_v2");
  if (holders == 0) return INVALID_CONTEXT;
  if (--holders == 0) destroyContext();
  return error;
}
API int cuCtxSetCurrent(void* held) {
  ENTER(cuCtxSetCurrent)
  return current = (uint64_t)held, OK;
}
API int cuMemGetInfo_v2(size_t* free, size_t* total) {
  ENTER(cuMemGetInfo_v2)
  *total = settings.memory;
  *free = settings.memory - used;
  return OK;
}

API int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  ENTER(cuMemAlloc_v2)
  if (recording && recordingMode != 2) return refuseInRecording();
  if (bytes == 0) return INVALID_VALUE;
  if (used + (long long)bytes > settings.memory) return OUT_OF_MEMORY;
  void* memory = aligned_alloc(256, (bytes + 255) & ~size_t(255));
  if (!memory) return OUT_OF_MEMORY;
  // What nobody wrote reads as NaN.
  memset(memory, 0xff, bytes);
  used += bytes;
  *address = (uint64_t)memory;
  blocks[*address] = bytes;
  return OK;
}
API int cuMemFree_v2(uint64_t address) {
  ENTER(cuMemFree_v2)
  if (recording && recordingMode != 2) return refuseInRecording();
  auto found = blocks.find(address);
  if (found == blocks.end()) return INVALID_VALUE;
  used -= found->second;
  blocks.erase(found);
  free((void*)address);
  return OK;
}
API int cuMemHostAlloc(uint64_t* address, size_t bytes, unsigned) {
  ENTER(cuMemHostAlloc)
  if (recording && recordingMode != 2) return refuseInRecording();
  void* memory = malloc(bytes);
  if (!memory) return OUT_OF_MEMORY;
  *address = (uint64_t)memory;
  hostBlocks[*address] = bytes;
  return OK;
}
API int cuMemFreeHost(uint64_t address) {
  ENTER(cuMemFreeHost)
  if (hostBlocks.erase(address) == 0) return INVALID_VALUE;
  free((void*)address);
  return OK;
}

static int copy(uint64_t to, uint64_t from, size_t bytes, bool toDevice, bool fromDevice) {
  if (toDevice && !isInside(blocks, to, bytes)) return INVALID_VALUE;
  if (fromDevice && !isInside(blocks, from, bytes)) return INVALID_VALUE;
  Operation operation;
  operation.to = (void*)to;
  operation.from = (const void*)from;
  operation.bytes = bytes;
  return submit(std::move(operation));
}
API int cuMemcpyHtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void*) {
  ENTER(cuMemcpyHtoDAsync_v2)
  if (int error = refuseInRecording()) return error;
  return copy(to, from, bytes, true, false);
}
API int cuMemcpyDtoHAsync_v2(uint64_t to, uint64_t from, size_t bytes, void*) {
  ENTER(cuMemcpyDtoHAsync_v2)
  if (int error = refuseInRecording()) return error;
  return copy(to, from, bytes, false, true);
}
API int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void*) {
  ENTER(cuMemcpyDtoDAsync_v2)
  return copy(to, from, bytes, true, true);
}

API int cuStreamCreate(void** stream, unsigned) {
  ENTER(cuStreamCreate)
  return *stream = (void*)2, OK;
}
API int cuStreamDestroy_v2(void*) {
  ENTER(cuStreamDestroy_v2)
  return OK;
}
API int cuStreamSynchronize(void*) {
  ENTER(cuStreamSynchronize)
  return refuseInRecording();
}
API int cuStreamWaitEvent(void*, void*, unsigned) {
  ENTER(cuStreamWaitEvent)
  return OK;
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
API int cuEventRecord(void* event, void*) {
  ENTER(cuEventRecord)
  ((Event*)event)->asked = 0;
  return OK;
}
API int cuEventQuery(void* event) {
  ENTER(cuEventQuery)
  if (int error = refuseInRecording()) return error;
  return ((Event*)event)->asked++ < 2 ? NOT_READY : OK;
}
API int cuEventSynchronize(void*) {
  ENTER(cuEventSynchronize)
  return refuseInRecording();
}
API int cuEventElapsedTime(float* milliseconds, void*, void*) {
  ENTER(cuEventElapsedTime)
  return *milliseconds = 1, OK;
}

API int cuModuleLoadData(void** module, const void* image) {
  ENTER(cuModuleLoadData)
  std::string text((const char*)image);
  if (text.find(".version") == std::string::npos) return text.empty() ? INVALID_IMAGE : INVALID_PTX;
  *module = new Module{text};
  return OK;
}
API int cuModuleUnload(void* module) {
  ENTER(cuModuleUnload)
  delete (Module*)module;
  return OK;
}
API int cuModuleGetFunction(void** function, void* module, const char* name) {
  ENTER(cuModuleGetFunction)
  bool compiled = ((Module*)module)->text.find(std::string(".entry ") + name + "(") != std::string::npos;
  const Kernel* kernel = emulator::find(name);
  if (!compiled || !kernel) return NOT_FOUND;
  *function = (void*)kernel;
  return OK;
}
API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned, void*, void** parameters, void**) {
  ENTER(cuLaunchKernel)
  if (gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535 || bx * by * bz == 0 || bx * by * bz > 1024) return INVALID_VALUE;
  auto* kernel = (const Kernel*)function;
  Operation operation;
  operation.kernel = kernel;
  operation.grid = {gx, gy, gz};
  operation.block = {bx, by, bz};
  for (size_t i = 0; i < kernel->sizes.size(); i++) {
    auto* value = (const char*)parameters[i];
    operation.values.emplace_back(value, value + kernel->sizes[i]);
  }
  return submit(std::move(operation));
}

API int cuStreamBeginCapture_v2(void*, int mode) {
  ENTER(cuStreamBeginCapture_v2)
  if (recording) return CAPTURE_UNSUPPORTED;
  recording = new Graph;
  recordingMode = mode;
  recordingSpoilt = false;
  return OK;
}
API int cuStreamEndCapture(void*, void** graph) {
  // A recording ends whatever the answer is.
  Graph* ended = recording;
  recording = nullptr;
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
API int cuGraphLaunch(void* executable, void*) {
  ENTER(cuGraphLaunch)
  if (int error = refuseInRecording()) return error;
  for (auto& operation : ((Graph*)executable)->operations)
    if (int error = execute(operation)) return error;
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

API int cuGetErrorName(int error, const char** name) {
  static const std::map<int, const char*> names = {
      {OK, "CUDA_SUCCESS"},
      {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
      {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
      {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"},
      {46, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
      {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
      {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
      {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"},
      {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"},
      {INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
      {222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
      {NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},
      {NOT_READY, "CUDA_ERROR_NOT_READY"},
      {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED"},
      {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},
      {803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"},
      {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
      {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
      {999, "CUDA_ERROR_UNKNOWN"}};
  auto found = names.find(error);
  if (found == names.end()) return INVALID_VALUE;
  return *name = found->second, OK;
}

/** What the machine is to look like: the driver's version, as 13000, how many devices it has, their capability and bytes of memory. */
API void emulator_configure(int version, int devices, int capability, long long memory) {
  settings = {version, devices, capability, memory};
  started = false;
}
/** Lets a call fail after so many that do not; it goes on as before after that, unless the error is one that breaks the context. */
API void emulator_fail(const char* name, int after, int error) { planned[name] = {after, error}; }
/** Nothing fails any more. */
API void emulator_mend() {
  planned.clear();
  broken = OK;
}
API long emulator_called(const char* name) { return called[name]; }
API long emulator_launches() { return launches; }
API long emulator_blocks() { return (long)blocks.size(); }
