// What all kernels share. nvcc compiles these files to PTX; g++ compiles the very same text for the emulator, which brings its own names of CUDA.
#pragma once
#ifdef GRADSTREAM_EMULATOR
#include "../emulator/emulator.h"
#else
#define KERNEL(name) extern "C" __global__ void name
// With so few registers that `blocks` blocks of `threads` threads run on one multiprocessor.
#define KERNEL_OF(name, threads, blocks) extern "C" __global__ void __launch_bounds__(threads, blocks) name
#define DEVICE __device__ __forceinline__
// The same for functions of a structure.
#define METHOD __device__ __forceinline__
// For long functions: once in the text, however often they are called.
#define DEVICE_CALL static __device__ __noinline__
#define COSINE_OF_PI(x) cospi(x)
#define SINE_OF_PI(x) sinpi(x)
#define INFINITE __int_as_float(0x7f800000)
#define NOT_A_NUMBER __int_as_float(0x7fffffff)
#endif

typedef unsigned char Byte;

/** Before a loop that is not to be written out: it runs a few times, and its text would be many times as long. */
#define ROLLED _Pragma("unroll 1")
/** Before a loop over numbers that are to stay in registers. */
#define UNROLLED _Pragma("unroll")

#define THREAD ((unsigned)(blockIdx.x * blockDim.x + threadIdx.x))
#define THREADS ((unsigned)(gridDim.x * blockDim.x))
/** i goes over 0 ... n - 1, each place by one thread of the grid. */
#define EACH(i, n) for (unsigned i = THREAD; i < (unsigned)(n); i += THREADS)

DEVICE bool isNaN(float x) { return x != x; }

/** The larger of two numbers; NaN where one is. */
DEVICE float larger(float a, float b) { return isNaN(a) ? a : isNaN(b) ? b : a > b ? a : b; }
DEVICE float smaller(float a, float b) { return isNaN(a) ? a : isNaN(b) ? b : a < b ? a : b; }

/** The sum over the 32 threads of a warp, for all of them. */
template <class T>
DEVICE T warpSum(T value) {
  for (int step = 16; step > 0; step >>= 1) value += __shfl_xor_sync(0xffffffffu, value, step);
  return value;
}

/** The sum over all threads of a block of whole warps, for all of them: always in the same order. */
template <class T>
DEVICE T blockSum(T value) {
  __shared__ T parts[32];
  value = warpSum(value);
  __syncthreads();
  if ((threadIdx.x & 31) == 0) parts[threadIdx.x >> 5] = value;
  __syncthreads();
  T total = 0;
  for (unsigned warp = 0; warp < blockDim.x >> 5; warp++) total += parts[warp];
  return total;
}

/** The largest number of a block of whole warps, for all of them; NaN where there is one. */
DEVICE float blockLargest(float value) {
  __shared__ float parts[32];
  for (int step = 16; step > 0; step >>= 1) value = larger(value, __shfl_xor_sync(0xffffffffu, value, step));
  __syncthreads();
  if ((threadIdx.x & 31) == 0) parts[threadIdx.x >> 5] = value;
  __syncthreads();
  float total = parts[0];
  for (unsigned warp = 1; warp < blockDim.x >> 5; warp++) total = larger(total, parts[warp]);
  return total;
}

/** The largest number of a warp, for all of its threads; NaN where there is one. */
DEVICE float warpLargest(float value) {
  for (int step = 16; step > 0; step >>= 1) value = larger(value, __shfl_xor_sync(0xffffffffu, value, step));
  return value;
}

DEVICE float& part(float4& v, int i) { return (&v.x)[i]; }

/** A row of n numbers, a multiple of four and at most 128 V, in the registers of a warp: four neighbours of each 128 a thread. */
template <int V>
struct Row {
  float4 four[V];
  METHOD void read(const float* x, int n) {
    UNROLLED
    for (int i = 0; i < V; i++) {
      int at = i * 128 + (int)(threadIdx.x * 4);
      if (at < n) four[i] = *(const float4*)(x + at);
    }
  }
  /** f(number, its place) for each number of this thread. */
  template <class F>
  METHOD void each(int n, F f) {
    UNROLLED
    for (int i = 0; i < V; i++) {
      int at = i * 128 + (int)(threadIdx.x * 4);
      if (at < n) {
        f(four[i].x, at);
        f(four[i].y, at + 1);
        f(four[i].z, at + 2);
        f(four[i].w, at + 3);
      }
    }
  }
  METHOD void write(float* y, int n) const {
    UNROLLED
    for (int i = 0; i < V; i++) {
      int at = i * 128 + (int)(threadIdx.x * 4);
      if (at < n) *(float4*)(y + at) = four[i];
    }
  }
};
