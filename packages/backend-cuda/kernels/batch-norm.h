// What batch normalization does with x and its gradients, however these are stored.
#pragma once
#include "stored.h"

DEVICE float scaleAt(const float* gamma, int i) { return gamma ? gamma[i] : 1.0f; }
DEVICE float offsetAt(const float* beta, int i) { return beta ? beta[i] : 0.0f; }

/**
 * y = (x - mean) * scale / sqrt(variance + epsilon) + offset. Four neighbours at once where n is a multiple of four; where a thread stays in its columns, their
 * numbers are read once.
 */
template <class X>
DEVICE void batchNormApply(const X* x, const float* mean, const float* variance, const float* scale, const float* offset, X* y, int size, int n, float epsilon) {
  if (n % 4 != 0) {
    EACH(i, size) {
      int c = i % (unsigned)n;
      float slope = scaleAt(scale, c) / sqrtf(variance[c] + epsilon);
      put(y + i, (wideOf(x[i]) - mean[c]) * slope + offsetAt(offset, c));
    }
    return;
  }
  bool stays = THREADS * 4 % (unsigned)n == 0, known = false;
  float centre[4], slope[4], lift[4];
  EACH(quad, (unsigned)size / 4) {
    if (!known) {
      int c = quad * 4 % (unsigned)n;
      UNROLLED
      for (int k = 0; k < 4; k++) {
        centre[k] = mean[c + k];
        slope[k] = scaleAt(scale, c + k) / sqrtf(variance[c + k] + epsilon);
        lift[k] = offsetAt(offset, c + k);
      }
      known = stays;
    }
    float4 v = fourAt(x + quad * 4);
    UNROLLED
    for (int k = 0; k < 4; k++) part(v, k) = (part(v, k) - centre[k]) * slope[k] + lift[k];
    putFour(y + quad * 4, v);
  }
}

/** Numbers of a chunk of rows: how many, their mean, the sum of squared distances to it. parts[chunk][2][n]; blocks of 32 x 8. */
template <class X>
DEVICE void batchNormMoments(const X* x, double* parts, int rows, int n, int chunk) {
  __shared__ double sums[8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  bool inside = column < n;
  double shift = inside && begin < rows ? wideOf(x[(long long)begin * n + column]) : 0, sum = 0, square = 0;
  if (inside)
    _Pragma("unroll 8")
    for (int r = begin + threadIdx.y; r < end; r += 8) {
      double gap = wideOf(x[(long long)r * n + column]) - shift;
      sum += gap;
      square += gap * gap;
    }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  double total = 0, squares = 0;
  for (int part = 0; part < 8; part++) total += sums[part][threadIdx.x];
  __syncthreads();
  sums[threadIdx.y][threadIdx.x] = square;
  __syncthreads();
  for (int part = 0; part < 8; part++) squares += sums[part][threadIdx.x];
  if (threadIdx.y > 0 || !inside) return;
  double count = end - begin, offset = total / count;
  parts[((long long)blockIdx.y * 2) * n + column] = shift + offset;
  parts[((long long)blockIdx.y * 2 + 1) * n + column] = squares - total * offset;
}

/** parts[chunk][2][n]: sums of dy, and of dy (x - mean), where `fold` rows of x make one of n. Blocks of 32 x 8. */
template <class X>
DEVICE void batchNormProducts(const X* dy, const X* x, const float* mean, double* parts, int rows, int n, int chunk, int fold) {
  __shared__ double sums[2][8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  double sum = 0, product = 0;
  if (column < n) {
    float centre = mean[column % (n / fold)];
    _Pragma("unroll 8")
    for (int r = begin + threadIdx.y; r < end; r += 8) {
      long long at = (long long)r * n + column;
      double d = wideOf(dy[at]);
      sum += d;
      product += d * (double)(wideOf(x[at]) - centre);
    }
  }
  sums[0][threadIdx.y][threadIdx.x] = sum;
  sums[1][threadIdx.y][threadIdx.x] = product;
  __syncthreads();
  if (threadIdx.y > 1 || column >= n) return;
  double total = 0;
  for (int part = 0; part < 8; part++) total += sums[threadIdx.y][part][threadIdx.x];
  parts[((long long)blockIdx.y * 2 + threadIdx.y) * n + column] = total;
}

/** dx from what `batch_norm_slopes` gave. */
template <class X>
DEVICE void batchNormGradient(const X* dy, const X* x, const float* mean, const float* numbers, X* dx, int size, int n) {
  if (n % 4 != 0) {
    EACH(i, size) {
      int c = i % (unsigned)n;
      put(dx + i, (wideOf(dy[i]) - numbers[n + c] - (wideOf(x[i]) - mean[c]) * numbers[2 * n + c]) * numbers[c]);
    }
    return;
  }
  bool stays = THREADS * 4 % (unsigned)n == 0, known = false;
  float centre[4], factor[4], low[4], slope[4];
  EACH(quad, (unsigned)size / 4) {
    if (!known) {
      int c = quad * 4 % (unsigned)n;
      UNROLLED
      for (int k = 0; k < 4; k++) {
        centre[k] = mean[c + k];
        factor[k] = numbers[c + k];
        low[k] = numbers[n + c + k];
        slope[k] = numbers[2 * n + c + k];
      }
      known = stays;
    }
    float4 v = fourAt(x + quad * 4), d = fourAt(dy + quad * 4);
    UNROLLED
    for (int k = 0; k < 4; k++) part(d, k) = (part(d, k) - low[k] - (part(v, k) - centre[k]) * slope[k]) * factor[k];
    putFour(dx + quad * 4, d);
  }
}

/** The kernels that read or write x, of numbers stored as X; `end` ends their names. */
#define BATCH_NORM(end, ...) \
  KERNEL(batch_norm_apply##end)(const __VA_ARGS__* x, const float* mean, const float* variance, const float* scale, const float* offset, __VA_ARGS__* y, int size, int n, float epsilon) { \
    batchNormApply(x, mean, variance, scale, offset, y, size, n, epsilon); \
  } \
  KERNEL(batch_norm_moments##end)(const __VA_ARGS__* x, double* parts, int rows, int n, int chunk) { batchNormMoments(x, parts, rows, n, chunk); } \
  KERNEL(batch_norm_products##end)(const __VA_ARGS__* dy, const __VA_ARGS__* x, const float* mean, double* parts, int rows, int n, int chunk, int fold) { \
    batchNormProducts(dy, x, mean, parts, rows, n, chunk, fold); \
  } \
  KERNEL(batch_norm_gradient##end)(const __VA_ARGS__* dy, const __VA_ARGS__* x, const float* mean, const float* numbers, __VA_ARGS__* dx, int size, int n) { \
    batchNormGradient(dy, x, mean, numbers, dx, size, n); \
  }
