// The machine that the look-alike of the driver shows. Tests set it up with `emulator_configure` and let calls fail with `emulator_fail`.
#include "machine.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <atomic>
#include <cstdlib>
#include <cstring>

namespace emulator {

Settings settings;
Device devices[MOST_DEVICES];
std::map<uint64_t, Piece> blocks, hostBlocks;
bool started = false;
uint64_t current = 0;

namespace {

struct Planned {
  int calls, error;
};
std::map<std::string, Planned> planned;
std::map<std::string, long> called;
uint64_t generation = 0;
std::map<uint64_t, int> contexts;

typedef std::atomic<long long> Count;
Count own[MOST_DEVICES];
Count* counts = own;

bool breaksContext(int error) {
  return error == ILLEGAL_ADDRESS || error == LAUNCH_FAILED || error == DEVICE_UNAVAILABLE || error == UNKNOWN || error == 214;
}

/** A process that ends gives back what it has. */
struct AtEnd {
  ~AtEnd() {
    for (auto& block : blocks) take(block.second.device, -(long long)block.second.bytes);
  }
} atEnd;

}  // namespace

long long usedBytes(int device) { return counts[device]; }

bool take(int device, long long bytes) {
  if (counts[device].fetch_add(bytes) + bytes <= settings.memory || bytes < 0) return true;
  counts[device] -= bytes;
  return false;
}

int deviceOf(uint64_t context) {
  auto found = contexts.find(context);
  return found == contexts.end() ? -1 : found->second;
}

uint64_t newContext(int device) {
  contexts[++generation] = device;
  return generation;
}

void destroyContext(int device) {
  drainAll(device);
  for (auto* all : {&blocks, &hostBlocks})
    for (auto block = all->begin(); block != all->end();) {
      if (block->second.device != device) {
        ++block;
        continue;
      }
      if (all == &blocks) take(device, -(long long)block->second.bytes);
      free((void*)block->first);
      block = all->erase(block);
    }
  contexts.erase(devices[device].context);
  devices[device].broken = OK;
}

int enter(const char* name, bool needsContext) {
  called[name]++;
  int device = currentDevice();
  auto plan = planned.find(name);
  if (plan != planned.end() && plan->second.calls-- == 0) {
    int error = plan->second.error;
    planned.erase(plan);
    if (breaksContext(error) && device >= 0) devices[device].broken = error;
    return error;
  }
  if (!needsContext) return OK;
  if (!started) return NOT_INITIALIZED;
  if (strncmp(name, "cuDevice", 8) == 0 || strcmp(name, "cuCtxSetCurrent") == 0) return OK;
  if (current == 0) return INVALID_CONTEXT;
  if (device < 0) return CONTEXT_IS_DESTROYED;
  return devices[device].broken;
}

bool isInside(const std::map<uint64_t, Piece>& all, uint64_t address, size_t bytes) {
  auto after = all.upper_bound(address);
  if (after == all.begin()) return false;
  --after;
  return address + bytes <= after->first + after->second.bytes;
}

}  // namespace emulator

using namespace emulator;

/** What the machine is to look like: the driver's version, as 13000, how many devices it has, their capability and bytes of memory. */
API void emulator_configure(int version, int devices, int capability, long long memory) {
  settings = {version, devices, capability, memory};
  started = false;
}
/** The most blocks along the second and the third dimension of a grid, until the next `emulator_configure`. */
API void emulator_limit_grid(int most) { settings.grid = (unsigned)most; }
/** Lets a call fail after so many that do not; it goes on as before after that, unless the error is one that breaks the context. */
API void emulator_fail(const char* name, int after, int error) { planned[name] = {after, error}; }
/** Nothing fails any more. */
API void emulator_mend() {
  planned.clear();
  for (auto& device : devices) device.broken = OK;
}
/** Lets all processes that name the same file have the same devices; null for devices of one's own. Nothing is to be taken when it is called. */
API int emulator_share(const char* path) {
  counts = own;
  if (!path) return OK;
  int file = open(path, O_RDWR | O_CREAT, 0600);
  size_t size = sizeof(Count) * MOST_DEVICES;
  if (file < 0 || ftruncate(file, (off_t)size) != 0) return UNKNOWN;
  void* mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return UNKNOWN;
  counts = static_cast<Count*>(mapped);
  return OK;
}
API long emulator_called(const char* name) { return called[name]; }
API long emulator_blocks() { return (long)blocks.size(); }
