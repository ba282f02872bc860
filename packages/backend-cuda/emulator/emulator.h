// What kernels see of CUDA where g++ compiles them: the names of the language, and threads that are fibers. Blocks run one after another; the threads of a block
// take turns at barriers. Not modelled: memory order, timing, the order in which tensor cores add.
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

struct uint3 {
  unsigned x, y, z;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
struct alignas(16) int4 {
  int x, y, z, w;
};
struct float2 {
  float x, y;
};

extern uint3 threadIdx, blockIdx, blockDim, gridDim;

#define KERNEL(name) extern "C" void name
#define KERNEL_OF(name, threads, blocks) extern "C" void name
#define DEVICE static inline
#define METHOD
#define DEVICE_CALL static
#define __restrict__
// Blocks never overlap, so one copy is enough.
#define __shared__ static
#define INFINITE __builtin_inff()
#define NOT_A_NUMBER __builtin_nanf("")
#define COSINE_OF_PI(x) emulator::cosineOfPi(x)
#define SINE_OF_PI(x) emulator::sineOfPi(x)

namespace emulator {

/** Waits for the other threads of the block, or of the warp. */
void blockBarrier();
void warpBarrier();
/** The number of the running thread in its block. */
unsigned threadInBlock();
/** Where each thread lays down 8 bytes for the others. */
extern uint64_t slots[1024];

template <class T>
T exchange(T value, unsigned lane) {
  static_assert(sizeof(T) <= 8, "a shuffle moves 8 bytes at most");
  unsigned self = threadInBlock();
  memcpy(&slots[self], &value, sizeof(T));
  warpBarrier();
  T result;
  memcpy(&result, &slots[(self & ~31u) + lane], sizeof(T));
  warpBarrier();
  return result;
}

/** Tensor cores: numbers as they take them, and what they do with the registers of a warp. */
enum Numbers { BFLOAT16, FLOAT16, TF32 };
uint32_t bfloat16Pair(float first, float second);
uint32_t float16Pair(float first, float second);
uint32_t tf32Word(float x);
float ofBfloat16(uint16_t bits);
float ofFloat16(uint16_t bits);
void multiplyTiles(float* d, const uint32_t* a, const uint32_t* b, Numbers numbers);
/** Makes kernels for them known, which lie in a library beside this one; false where that was not built. */
bool loadTensorCores();

unsigned ballot(bool vote);
int blockOr(bool vote);

/** Exact at quarters of a turn, as the device's own are. */
inline double cosineOfPi(double x) {
  double turn = fabs(fmod(x, 2.0));
  if (turn == 0.5 || turn == 1.5) return 0;
  return cos(M_PI * turn);
}
inline double sineOfPi(double x) {
  double turn = fmod(x, 2.0);
  if (turn == 0 || turn == 1 || turn == -1) return 0;
  return sin(M_PI * turn);
}

/** A kernel by its name: how to call it with the driver's list of parameters, and how many bytes each of them takes. */
struct Kernel {
  void (*call)(const void* function, void** parameters);
  const void* function;
  std::vector<size_t> sizes;
};
void remember(const char* name, Kernel kernel);

template <class... A, size_t... I>
void callWith(void (*function)(A...), void** p, std::index_sequence<I...>) {
  function(*static_cast<std::decay_t<A>*>(p[I])...);
}

template <class... A>
bool registered(const char* name, void (*function)(A...)) {
  auto call = [](const void* f, void** p) { callWith((void (*)(A...))f, p, std::index_sequence_for<A...>{}); };
  remember(name, Kernel{call, (const void*)function, {sizeof(std::decay_t<A>)...}});
  return true;
}

}  // namespace emulator

#define REGISTER(name) static bool name##_registered = emulator::registered(#name, name);

inline void __syncthreads() { emulator::blockBarrier(); }
inline int __syncthreads_or(int vote) { return emulator::blockOr(vote != 0); }
inline unsigned __ballot_sync(unsigned, int vote) { return emulator::ballot(vote != 0); }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((uint64_t)a * b >> 32); }
inline int __ffs(int x) { return __builtin_ffs(x); }
template <class T>
T __shfl_xor_sync(unsigned, T value, int mask) {
  return emulator::exchange(value, (emulator::threadInBlock() & 31u) ^ (unsigned)mask);
}
