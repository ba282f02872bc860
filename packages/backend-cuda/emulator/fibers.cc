// The threads of a block as fibers of one thread of the host.
#include "fibers.h"
#include <cstdio>
#include <cstdlib>
#include <map>
#include "emulator.h"

uint3 threadIdx, blockIdx, blockDim, gridDim;

/** In which order threads and blocks take turns: f forward, r reversed, a alternately (threads), s shuffled. */
extern "C" __attribute__((visibility("default"))) void emulator_order(const char* threads, const char* blocks);

namespace emulator {

uint64_t slots[1024];

namespace {

enum State { RUNS, WAITS_FOR_WARP, WAITS_FOR_BLOCK, DONE };

struct Fiber {
  void* stackPointer;
  char* stack;
  State state;
  uint3 place;
};

const size_t STACK = 128 * 1024;
Fiber fibers[1024];
void* scheduler;
unsigned current;
const Kernel* running;
void** parameters;
uint64_t votes[1024];

// Saves the registers that a function has to keep and the stack pointer, then goes on where another one was saved.
extern "C" void emulator_switch(void** from, void* to);
#if defined(__x86_64__)
asm(R"(
.text
.globl emulator_switch
emulator_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
)");
const int SAVED = 6;
#elif defined(__aarch64__)
asm(R"(
.text
.globl emulator_switch
emulator_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
)");
#else
#error "emulator_switch is not written for this processor"
#endif

void leave(State state) {
  Fiber& self = fibers[current];
  self.state = state;
  emulator_switch(&self.stackPointer, scheduler);
  threadIdx = fibers[current].place;
}

void begin() {
  running->call(running->function, parameters);
  for (;;) leave(DONE);
}

/** Lays out a stack so that the first switch to it goes to `begin`. */
void prepare(Fiber& fiber) {
  if (!fiber.stack) fiber.stack = static_cast<char*>(malloc(STACK));
  uintptr_t top = (reinterpret_cast<uintptr_t>(fiber.stack) + STACK) & ~uintptr_t(15);
#if defined(__x86_64__)
  void** at = reinterpret_cast<void**>(top);
  *--at = nullptr;
  *--at = reinterpret_cast<void*>(begin);
  for (int i = 0; i < SAVED; i++) *--at = nullptr;
#else
  void** at = reinterpret_cast<void**>(top - 160);
  memset(at, 0, 160);
  at[11] = reinterpret_cast<void*>(begin);
#endif
  fiber.stackPointer = at;
  fiber.state = RUNS;
}

/** The orders that were asked for, one letter each; by default those of the environment. */
char threadOrder = 0, blockOrder = 0;

/** The order in which threads, or blocks, take their turns: a kernel whose results depend on it has a race. */
uint64_t turn(char order, uint64_t index, uint64_t count, unsigned sweep) {
  if (order == 'f') return index;
  if (order == 'r') return count - 1 - index;
  if (order == 'a') return sweep % 2 ? count - 1 - index : index;
  // s: another order each time; a prime above all counts of threads, and one that few counts of blocks are multiples of.
  return (index * (count % 7919 == 0 ? 104729 : 7919) + sweep * 31) % count;
}

/** Lets go on who waits for others that have all come; false where nobody can. */
bool release(unsigned count) {
  bool any = false, allWait = true;
  for (unsigned first = 0; first < count; first += 32) {
    bool warpWaits = false, all = true;
    for (unsigned i = first; i < first + 32 && i < count; i++) {
      if (fibers[i].state == WAITS_FOR_WARP) warpWaits = true;
      else if (fibers[i].state != DONE) all = false;
      if (fibers[i].state != WAITS_FOR_BLOCK && fibers[i].state != DONE) allWait = false;
    }
    if (!warpWaits || !all) continue;
    any = true;
    for (unsigned i = first; i < first + 32 && i < count; i++)
      if (fibers[i].state == WAITS_FOR_WARP) fibers[i].state = RUNS;
  }
  if (any) return true;
  if (!allWait) return false;
  for (unsigned i = 0; i < count; i++)
    if (fibers[i].state == WAITS_FOR_BLOCK) fibers[i].state = RUNS;
  return true;
}

bool runBlock(unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    prepare(fibers[i]);
    fibers[i].place = {i % blockDim.x, i / blockDim.x % blockDim.y, i / blockDim.x / blockDim.y};
  }
  for (unsigned sweep = 0;; sweep++) {
    bool left = false;
    for (unsigned index = 0; index < count; index++) {
      current = (unsigned)turn(threadOrder, index, count, sweep);
      if (fibers[current].state != RUNS) continue;
      threadIdx = fibers[current].place;
      emulator_switch(&scheduler, fibers[current].stackPointer);
    }
    for (unsigned i = 0; i < count; i++) left = left || fibers[i].state != DONE;
    if (!left) return true;
    if (!release(count)) return false;
  }
}

std::map<std::string, Kernel>& all() {
  static std::map<std::string, Kernel> kernels;
  return kernels;
}

}  // namespace

void blockBarrier() { leave(WAITS_FOR_BLOCK); }
void warpBarrier() { leave(WAITS_FOR_WARP); }
unsigned threadInBlock() { return current; }

unsigned ballot(bool vote) {
  unsigned self = current, first = self & ~31u, count = blockDim.x * blockDim.y * blockDim.z;
  votes[self] = vote;
  warpBarrier();
  unsigned mask = 0;
  for (unsigned i = first; i < first + 32 && i < count; i++)
    if (votes[i]) mask |= 1u << (i - first);
  warpBarrier();
  return mask;
}

int blockOr(bool vote) {
  unsigned count = blockDim.x * blockDim.y * blockDim.z;
  votes[current] = vote;
  blockBarrier();
  int any = 0;
  for (unsigned i = 0; i < count; i++) any = any || votes[i];
  blockBarrier();
  return any;
}

void remember(const char* name, Kernel kernel) { all()[name] = std::move(kernel); }

const Kernel* find(const std::string& name) {
  auto found = all().find(name);
  return found == all().end() ? nullptr : &found->second;
}

bool launch(const Kernel* kernel, uint3 grid, uint3 block, void** values) {
  running = kernel;
  parameters = values;
  gridDim = grid;
  blockDim = block;
  unsigned count = block.x * block.y * block.z;
  if (count == 0 || count > 1024) return false;
  if (!threadOrder) emulator_order(getenv("GRADSTREAM_EMULATOR_ORDER"), getenv("GRADSTREAM_EMULATOR_BLOCKS"));
  uint64_t all = (uint64_t)grid.x * grid.y * grid.z;
  for (uint64_t index = 0; index < all; index++) {
    uint64_t at = turn(blockOrder, index, all, 0);
    blockIdx = {(unsigned)(at % grid.x), (unsigned)(at / grid.x % grid.y), (unsigned)(at / grid.x / grid.y)};
    if (runBlock(count)) continue;
    fprintf(stderr, "emulator: threads wait for each other for ever in block %u %u %u\n", blockIdx.x, blockIdx.y, blockIdx.z);
    return false;
  }
  return true;
}

}  // namespace emulator

void emulator_order(const char* threads, const char* blocks) {
  emulator::threadOrder = threads && *threads ? *threads : 'f';
  // What alternates is for turns: blocks have one each.
  emulator::blockOrder = blocks && *blocks && *blocks != 'a' ? *blocks : 'f';
}
