// What the parts of the look-alike share: the machine that a test set up, the contexts of its devices, their memory, and the failures that were planned.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#define API extern "C" __attribute__((visibility("default")))

namespace emulator {

enum Error {
  OK = 0,
  INVALID_VALUE = 1,
  OUT_OF_MEMORY = 2,
  NOT_INITIALIZED = 3,
  DEVICE_UNAVAILABLE = 46,
  NO_DEVICE = 100,
  INVALID_DEVICE = 101,
  INVALID_IMAGE = 200,
  INVALID_CONTEXT = 201,
  INVALID_PTX = 218,
  UNSUPPORTED_PTX_VERSION = 222,
  INVALID_HANDLE = 400,
  NOT_FOUND = 500,
  NOT_READY = 600,
  ILLEGAL_ADDRESS = 700,
  CONTEXT_IS_DESTROYED = 709,
  LAUNCH_FAILED = 719,
  SYSTEM_DRIVER_MISMATCH = 803,
  CAPTURE_UNSUPPORTED = 900,
  CAPTURE_INVALIDATED = 901,
  CAPTURE_ISOLATION = 905,
  UNKNOWN = 999
};

struct Settings {
  int version = 13000, devices = 1, capability = 90;
  long long memory = 1ll << 31;
  /** The most blocks along the second and the third dimension of a grid. */
  unsigned grid = 65535;
};
extern Settings settings;

const int MOST_DEVICES = 8;

struct Device {
  /** How often the primary context is held, and which one it is: what is released for the last time is destroyed. */
  int holders = 0;
  uint64_t context = 0;
  /** After some errors a context answers every call with the same. */
  int broken = OK;
};
extern Device devices[MOST_DEVICES];

struct Piece {
  size_t bytes;
  int device;
};
/** Memory of the devices, and pinned memory of the host. */
extern std::map<uint64_t, Piece> blocks, hostBlocks;

/** Bytes of a device that are taken, by all processes that share it; see `emulator_share`. */
long long usedBytes(int device);
/** Takes so many bytes, or gives them back; false where there are not so many. */
bool take(int device, long long bytes);

extern bool started;
/** The context that is current; 0 is none. */
extern uint64_t current;
/** The device of a context; -1 for one that is gone. */
int deviceOf(uint64_t context);
inline int currentDevice() { return deviceOf(current); }
uint64_t newContext(int device);
/** What a context held goes with it. */
void destroyContext(int device);

/** What a call answers before it does anything: a planned failure, or what broke the context. */
int enter(const char* name, bool needsContext = true);

/** Whether so many bytes at an address lie in one piece. */
bool isInside(const std::map<uint64_t, Piece>& all, uint64_t address, size_t bytes);

/** Waits for everything on every stream of a device. */
int drainAll(int device);
/** Answers a call that no recording may hold: it spoils it. */
int refuseInRecording();
/** True while a stream records in a mode that lets nothing else happen. */
bool isRecordingStrictly();

/** Work of a library on a stream, such as cuBLAS: in its order, and in what is recorded of it. */
int submit(void* stream, std::function<void()> work);

}  // namespace emulator

#define ENTER(name) \
  if (int error = emulator::enter(#name)) return error;
