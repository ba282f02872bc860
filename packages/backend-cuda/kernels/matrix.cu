// Products of matrices in float32, and what joins and finishes products of every kind.
#include "product.h"

PRODUCT(32, , 64, 8, Plain<32, 32, 32, 4, 4>)
PRODUCT(64, , 256, 3, Plain<64, 64, 16, 4, 4>)
PRODUCT(128, , 256, 2, Plain<128, 128, 8, 8, 8>)

/** Adds up what the splits left, in their order, and finishes: parts[batch][split][size], rows of n. `adds`: to what is there. */
KERNEL(gemm_join)(const float* parts, float* c, int total, int size, int n, int splits, Finish f) {
  EACH(i, total) {
    unsigned batch = i / (unsigned)size, at = i % (unsigned)size;
    float sum = 0;
    for (int s = 0; s < splits; s++) sum += parts[((long long)batch * splits + s) * size + at];
    c[i] = finished(sum, at % (unsigned)n, f);
  }
}

/** The same for many splits: a thread an element and every 8th split, blocks of 32 x 8. */
KERNEL(gemm_join_many)(const float* parts, float* c, int total, int size, int n, int splits, Finish f) {
  __shared__ float sums[8][33];
  unsigned i = blockIdx.x * 32 + threadIdx.x;
  unsigned batch = i / (unsigned)size, at = i % (unsigned)size;
  float sum = 0;
  if (i < (unsigned)total) {
    _Pragma("unroll 4")
    for (int s = threadIdx.y; s < splits; s += 8) sum += parts[((long long)batch * splits + s) * size + at];
  }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y > 0 || i >= (unsigned)total) return;
  float total8 = 0;
  for (int part = 0; part < 8; part++) total8 += sums[part][threadIdx.x];
  c[i] = finished(total8, at % (unsigned)n, f);
}

/** A product of few rows or columns: y[row] = the sum over k of a[row][k] x[k], a warp a row, blocks of 32 x 8. */
KERNEL(matrix_vector)(const float* a, const float* x, float* y, int rows, int k, Finish f) {
  int row = blockIdx.x * 8 + threadIdx.y;
  float sum = 0;
  if (row < rows)
    for (int i = threadIdx.x; i < k; i += 32) sum = fmaf(a[(long long)row * k + i], x[i], sum);
  sum = warpSum(sum);
  if (row < rows && threadIdx.x == 0) y[row] = finished(sum, 0, f);
}

/** Adds a bias a column and applies an activation, in place. */
KERNEL(finish)(float* y, int total, int n, Finish f) {
  if (n % 4 == 0) {
    EACH(quad, total / 4) {
      int column = quad * 4 % (unsigned)n;
      float4 v = *(const float4*)(y + (long long)quad * 4);
      UNROLLED
      for (int k = 0; k < 4; k++) part(v, k) = finished(part(v, k), column + k, f);
      *(float4*)(y + (long long)quad * 4) = v;
    }
    return;
  }
  EACH(i, total) y[i] = finished(y[i], i % (unsigned)n, f);
}
