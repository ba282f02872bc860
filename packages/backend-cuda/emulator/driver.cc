// A look-alike of libcuda: the part of the driver's interface that src/driver/driver.ts uses, on the host's memory. Here: devices, contexts, memory and modules.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "machine.h"

using namespace emulator;

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
  const std::map<int, int> values = {{5, 2147483647}, {6, (int)settings.grid}, {7, (int)settings.grid}, {16, 4},
                                     {75, settings.capability / 10}, {76, settings.capability % 10}};
  auto found = values.find(attribute);
  return *value = found == values.end() ? 0 : found->second, OK;
}
API int cuDeviceTotalMem_v2(size_t* bytes, int) {
  ENTER(cuDeviceTotalMem_v2)
  return *bytes = settings.memory, OK;
}
API int cuDevicePrimaryCtxRetain(void** held, int device) {
  ENTER(cuDevicePrimaryCtxRetain)
  if (device < 0 || device >= settings.devices || device >= MOST_DEVICES) return INVALID_DEVICE;
  Device& one = devices[device];
  if (one.holders++ == 0) one.context = newContext(device);
  return *held = (void*)one.context, OK;
}
API int cuDevicePrimaryCtxRelease_v2(int device) {
  int error = enter("cuDevicePrimaryCtxRelease_v2");
  if (device < 0 || device >= MOST_DEVICES || devices[device].holders == 0) return INVALID_CONTEXT;
  if (--devices[device].holders == 0) destroyContext(device);
  return error;
}
API int cuCtxSetCurrent(void* held) {
  ENTER(cuCtxSetCurrent)
  return current = (uint64_t)held, OK;
}
API int cuMemGetInfo_v2(size_t* free, size_t* total) {
  ENTER(cuMemGetInfo_v2)
  *total = settings.memory;
  *free = settings.memory - usedBytes(currentDevice());
  return OK;
}

API int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
  ENTER(cuMemAlloc_v2)
  if (isRecordingStrictly()) return refuseInRecording();
  if (bytes == 0) return INVALID_VALUE;
  if (!take(currentDevice(), (long long)bytes)) return OUT_OF_MEMORY;
  void* memory = nullptr;
  // No byte more: AddressSanitizer finds who reads it.
  if (posix_memalign(&memory, 256, bytes) != 0) return take(currentDevice(), -(long long)bytes), OUT_OF_MEMORY;
  // What nobody wrote reads as NaN.
  memset(memory, 0xff, bytes);
  *address = (uint64_t)memory;
  blocks[*address] = {bytes, currentDevice()};
  return OK;
}

static int freed(std::map<uint64_t, Piece>& all, uint64_t address) {
  auto found = all.find(address);
  if (found == all.end() || found->second.device != currentDevice()) return INVALID_VALUE;
  // The driver waits for what still uses it.
  int error = drainAll(currentDevice());
  if (&all == &blocks) take(found->second.device, -(long long)found->second.bytes);
  all.erase(found);
  free((void*)address);
  return error;
}
API int cuMemFree_v2(uint64_t address) {
  ENTER(cuMemFree_v2)
  if (isRecordingStrictly()) return refuseInRecording();
  return freed(blocks, address);
}
API int cuMemHostAlloc(uint64_t* address, size_t bytes, unsigned) {
  ENTER(cuMemHostAlloc)
  if (isRecordingStrictly()) return refuseInRecording();
  void* memory = malloc(bytes);
  if (!memory) return OUT_OF_MEMORY;
  *address = (uint64_t)memory;
  hostBlocks[*address] = {bytes, currentDevice()};
  return OK;
}
API int cuMemFreeHost(uint64_t address) {
  ENTER(cuMemFreeHost)
  return freed(hostBlocks, address);
}

API int cuGetErrorName(int error, const char** name) {
  static const std::map<int, const char*> names = {
      {OK, "CUDA_SUCCESS"},
      {INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
      {OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
      {NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"},
      {DEVICE_UNAVAILABLE, "CUDA_ERROR_DEVICE_UNAVAILABLE"},
      {NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
      {INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
      {INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"},
      {INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT"},
      {214, "CUDA_ERROR_ECC_UNCORRECTABLE"},
      {INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
      {UNSUPPORTED_PTX_VERSION, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION"},
      {INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE"},
      {NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},
      {NOT_READY, "CUDA_ERROR_NOT_READY"},
      {ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
      {CONTEXT_IS_DESTROYED, "CUDA_ERROR_CONTEXT_IS_DESTROYED"},
      {LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},
      {209, "CUDA_ERROR_NO_BINARY_FOR_GPU"},
      {SYSTEM_DRIVER_MISMATCH, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"},
      {CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"},
      {CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"},
      {CAPTURE_ISOLATION, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION"},
      {UNKNOWN, "CUDA_ERROR_UNKNOWN"}};
  auto found = names.find(error);
  if (found == names.end()) return INVALID_VALUE;
  return *name = found->second, OK;
}
