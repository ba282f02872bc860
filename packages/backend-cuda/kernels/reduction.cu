// Reductions of [outer][n][inner] over n. Each result is summed in one order, whatever runs at the same time.
#include "device.h"

struct SumOf {
  template <class T> static METHOD T join(T a, T b) { return a + b; }
};
struct ProdOf {
  template <class T> static METHOD T join(T a, T b) { return a * b; }
};
struct MaxOf {
  static METHOD float join(float a, float b) { return larger(a, b); }
  static METHOD int join(int a, int b) { return a > b ? a : b; }
};
struct MinOf {
  static METHOD float join(float a, float b) { return smaller(a, b); }
  static METHOD int join(int a, int b) { return a < b ? a : b; }
};

/** inner is 1: a warp a row; blocks of 32 x 8. y = joined / divisor. */
template <class Op, class T, class X>
DEVICE void warpRows(const X* x, X* y, int rows, int n, T first, float divisor) {
  int row = blockIdx.x * 8 + threadIdx.y;
  T value = first;
  if (row < rows)
    for (int i = threadIdx.x; i < n; i += 32) value = Op::join(value, (T)x[(long long)row * n + i]);
  for (int step = 16; step > 0; step >>= 1) value = Op::join(value, __shfl_xor_sync(0xffffffffu, value, step));
  if (row < rows && threadIdx.x == 0) y[row] = (X)(divisor == 1 ? value : (T)(value / divisor));
}

/** inner is 1: a block of 256 a chunk of a row. y[row][chunk]. */
template <class Op, class T, class X>
DEVICE void blockRows(const X* x, X* y, int n, int chunk, T first, float divisor) {
  __shared__ T parts[8];
  long long base = (long long)blockIdx.x * n;
  int begin = blockIdx.y * chunk, end = begin + chunk < n ? begin + chunk : n;
  T value = first;
  for (int i = begin + threadIdx.x; i < end; i += 256) value = Op::join(value, (T)x[base + i]);
  for (int step = 16; step > 0; step >>= 1) value = Op::join(value, __shfl_xor_sync(0xffffffffu, value, step));
  if ((threadIdx.x & 31) == 0) parts[threadIdx.x >> 5] = value;
  __syncthreads();
  if (threadIdx.x > 0) return;
  for (int warp = 1; warp < 8; warp++) value = Op::join(value, parts[warp]);
  y[(long long)blockIdx.x * gridDim.y + blockIdx.y] = (X)(divisor == 1 ? value : (T)(value / divisor));
}

/** Columns: blocks of 32 x 8, a thread a column and every 8th row of a chunk. y[outer][chunk][inner]. */
template <class Op, class T, class X>
DEVICE void columns(const X* x, X* y, int n, int inner, int chunk, T first, float divisor) {
  __shared__ T parts[8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < n ? begin + chunk : n;
  T value = first;
  if (column < inner)
    for (int i = begin + threadIdx.y; i < end; i += 8)
      value = Op::join(value, (T)x[((long long)blockIdx.z * n + i) * inner + column]);
  parts[threadIdx.y][threadIdx.x] = value;
  __syncthreads();
  if (threadIdx.y > 0 || column >= inner) return;
  for (int part = 1; part < 8; part++) value = Op::join(value, parts[part][threadIdx.x]);
  y[((long long)blockIdx.z * gridDim.y + blockIdx.y) * inner + column] = (X)(divisor == 1 ? value : (T)(value / divisor));
}

#define REDUCE(name, Op, T, X, first) \
  KERNEL(warp_##name)(const X* x, X* y, int rows, int n, float divisor) { warpRows<Op, T, X>(x, y, rows, n, first, divisor); } \
  KERNEL(rows_##name)(const X* x, X* y, int n, int chunk, float divisor) { blockRows<Op, T, X>(x, y, n, chunk, first, divisor); } \
  KERNEL(columns_##name)(const X* x, X* y, int n, int inner, int chunk, float divisor) { \
    columns<Op, T, X>(x, y, n, inner, chunk, first, divisor); \
  }
REDUCE(float_Sum, SumOf, float, float, 0.0f)
REDUCE(float_Prod, ProdOf, float, float, 1.0f)
REDUCE(float_Max, MaxOf, float, float, -INFINITE)
REDUCE(float_Min, MinOf, float, float, INFINITE)
REDUCE(int_Sum, SumOf, int, int, 0)
REDUCE(int_Prod, ProdOf, int, int, 1)
REDUCE(int_Max, MaxOf, int, int, (-2147483647 - 1))
REDUCE(int_Min, MinOf, int, int, 2147483647)
REDUCE(bool_All, MinOf, int, Byte, 1)
REDUCE(bool_Any, MaxOf, int, Byte, 0)

/** Whether a at place i comes before b at place j: larger (or, with sign -1, smaller), of equal ones the first; NaN last. */
template <class T>
DEVICE bool before(T a, int i, T b, int j, int sign) {
  bool aNaN = a != a, bNaN = b != b;
  if (aNaN || bNaN) return aNaN == bNaN ? i < j : bNaN;
  if (a != b) return sign > 0 ? a > b : a < b;
  return i < j;
}

/** The place of the extreme: a warp a result, blocks of 32 x 8. Where the first number is NaN nothing is larger than it. */
template <class T>
DEVICE void places(const T* x, int* y, int results, int n, int inner, int sign) {
  int result = blockIdx.x * 8 + threadIdx.y;
  long long base = result < results ? (long long)(result / inner) * n * inner + result % inner : 0;
  T best = x[base];
  int place = 0;
  bool broken = best != best;
  if (result < results && !broken)
    for (int i = threadIdx.x; i < n; i += 32) {
      T v = x[base + (long long)i * inner];
      if (before(v, i, best, place, sign)) {
        best = v;
        place = i;
      }
    }
  for (int step = 16; step > 0; step >>= 1) {
    T other = __shfl_xor_sync(0xffffffffu, best, step);
    int at = __shfl_xor_sync(0xffffffffu, place, step);
    if (!broken && before(other, at, best, place, sign)) {
      best = other;
      place = at;
    }
  }
  if (result < results && threadIdx.x == 0) y[result] = place;
}
KERNEL(places_float)(const float* x, int* y, int results, int n, int inner, int sign) { places(x, y, results, n, inner, sign); }
KERNEL(places_int)(const int* x, int* y, int results, int n, int inner, int sign) { places(x, y, results, n, inner, sign); }

/** The k largest of each row of n in falling order with their places: a warp a row, blocks of 32 x 8, one pass over the row for each of them. */
template <class T>
DEVICE void topOf(const T* x, T* values, int* where, int rows, int n, int k) {
  int row = blockIdx.x * 8 + threadIdx.y;
  bool inside = row < rows;
  const T* from = x + (inside ? (long long)row * n : 0);
  T last = 0;
  int lastPlace = -1;
  for (int round = 0; round < k; round++) {
    T best = 0;
    int place = -1;
    for (int i = threadIdx.x; i < n; i += 32) {
      T v = from[i];
      if (round > 0 && !before(last, lastPlace, v, i, 1)) continue;
      if (place < 0 || before(v, i, best, place, 1)) {
        best = v;
        place = i;
      }
    }
    for (int step = 16; step > 0; step >>= 1) {
      T other = __shfl_xor_sync(0xffffffffu, best, step);
      int at = __shfl_xor_sync(0xffffffffu, place, step);
      if (at >= 0 && (place < 0 || before(other, at, best, place, 1))) {
        best = other;
        place = at;
      }
    }
    last = best;
    lastPlace = place;
    if (inside && threadIdx.x == 0) {
      values[(long long)row * k + round] = best;
      where[(long long)row * k + round] = place;
    }
  }
}
KERNEL(top_float)(const float* x, float* values, int* where, int rows, int n, int k) { topOf(x, values, where, rows, n, k); }
KERNEL(top_int)(const int* x, int* values, int* where, int rows, int n, int k) { topOf(x, values, where, rows, n, k); }

/** Sums or products up to each place: a thread a line. */
template <class T, class Op>
DEVICE void scan(const T* x, T* y, int lines, int n, int inner, int exclusive, int reverse, T first) {
  EACH(line, lines) {
    long long base = (long long)(line / inner) * n * inner + line % inner;
    T total = first;
    for (int k = 0; k < n; k++) {
      long long at = base + (long long)(reverse ? n - 1 - k : k) * inner;
      T next = Op::join(total, x[at]);
      y[at] = exclusive ? total : next;
      total = next;
    }
  }
}
#define SCAN(name, T, Op, first) \
  KERNEL(scan_##name)(const T* x, T* y, int lines, int n, int inner, int exclusive, int reverse) { \
    scan<T, Op>(x, y, lines, n, inner, exclusive, reverse, first); \
  }
SCAN(float_Cumsum, float, SumOf, 0.0f)
SCAN(float_Cumprod, float, ProdOf, 1.0f)
SCAN(int_Cumsum, int, SumOf, 0)
SCAN(int_Cumprod, int, ProdOf, 1)
