// Layer and batch normalization with their gradients. Parameters that are left out are null: a scale of 1, an offset of 0.
#include "device.h"

DEVICE float scaleAt(const float* gamma, int i) { return gamma ? gamma[i] : 1.0f; }
DEVICE float offsetAt(const float* beta, int i) { return beta ? beta[i] : 0.0f; }

/** A block a row of n: y = (x - mean) * inverse * gamma + beta; mean and inverse deviation are kept. */
KERNEL(layer_norm)(const float* x, const float* gamma, const float* beta, float* y, float* mean, float* inverse, int n, float epsilon) {
  long long base = (long long)blockIdx.x * n;
  float sum = 0, spread = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += x[base + i];
  float centre = blockSum(sum) / (float)n;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float gap = x[base + i] - centre;
    spread += gap * gap;
  }
  float scale = 1.0f / sqrtf(blockSum(spread) / (float)n + epsilon);
  if (threadIdx.x == 0) {
    mean[blockIdx.x] = centre;
    inverse[blockIdx.x] = scale;
  }
  for (int i = threadIdx.x; i < n; i += blockDim.x) y[base + i] = (x[base + i] - centre) * scale * scaleAt(gamma, i) + offsetAt(beta, i);
}

KERNEL(layer_norm_gradient)(const float* dy, const float* x, const float* mean, const float* inverse, const float* gamma, float* dx, int n) {
  long long base = (long long)blockIdx.x * n;
  float centre = mean[blockIdx.x], scale = inverse[blockIdx.x], sum = 0, product = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float g = dy[base + i] * scaleAt(gamma, i);
    sum += g;
    product += g * ((x[base + i] - centre) * scale);
  }
  float low = blockSum(sum) / (float)n, slope = blockSum(product) / (float)n;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float v = (x[base + i] - centre) * scale;
    dx[base + i] = (dy[base + i] * scaleAt(gamma, i) - low - v * slope) * scale;
  }
}

/**
 * Sums over the rows of a chunk, a thread a column and every 8th row, blocks of 32 x 8: of dy, and of dy times (x - mean) * inverse, where mean and inverse are
 * the rows' own. parts[chunk][2][n], joined by `join_columns`.
 */
KERNEL(layer_norm_columns)(const float* dy, const float* x, const float* mean, const float* inverse, float* parts, int rows, int n, int chunk) {
  __shared__ float sums[2][8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  float sum = 0, product = 0;
  if (column < n)
    for (int r = begin + threadIdx.y; r < end; r += 8) {
      long long at = (long long)r * n + column;
      sum += dy[at];
      product += dy[at] * ((x[at] - mean[r]) * inverse[r]);
    }
  sums[0][threadIdx.y][threadIdx.x] = product;
  sums[1][threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y > 1 || column >= n) return;
  float total = 0;
  for (int part = 0; part < 8; part++) total += sums[threadIdx.y][part][threadIdx.x];
  parts[((long long)blockIdx.y * 2 + threadIdx.y) * n + column] = total;
}

/** dGamma and dBeta from the parts, in their order. */
KERNEL(join_columns)(const float* parts, float* dGamma, float* dBeta, int n, int count) {
  EACH(i, 2 * n) {
    float total = 0;
    for (int part = 0; part < count; part++) total += parts[(long long)part * 2 * n + i];
    if (i < (unsigned)n) dGamma[i] = total;
    else dBeta[i - n] = total;
  }
}

/** y = (x - mean) * scale / sqrt(variance + epsilon) + offset. */
KERNEL(batch_norm_apply)(const float* x, const float* mean, const float* variance, const float* scale, const float* offset, float* y, int size, int n, float epsilon) {
  EACH(i, size) {
    int c = i % (unsigned)n;
    float slope = scaleAt(scale, c) / sqrtf(variance[c] + epsilon);
    y[i] = (x[i] - mean[c]) * slope + offsetAt(offset, c);
  }
}

/** Numbers of a chunk of rows: how many, their mean, the sum of squared distances to it. parts[chunk][2][n]; blocks of 32 x 8. */
KERNEL(batch_norm_moments)(const float* x, double* parts, int rows, int n, int chunk) {
  __shared__ double sums[8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  bool inside = column < n;
  double shift = inside && begin < rows ? x[(long long)begin * n + column] : 0, sum = 0, square = 0;
  if (inside)
    for (int r = begin + threadIdx.y; r < end; r += 8) {
      double gap = x[(long long)r * n + column] - shift;
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

/** Mean and variance from those of the chunks, in order. Source: Chan, Golub, LeVeque, 1979. */
KERNEL(batch_norm_join)(const double* parts, float* mean, float* variance, int rows, int n, int chunk, int count) {
  EACH(c, n) {
    double all = 0, centre = 0, distance = 0;
    for (int part = 0; part < count; part++) {
      int left = rows - part * chunk;
      double size = left < chunk ? left : chunk, whole = all + size;
      double gap = parts[(long long)part * 2 * n + c] - centre;
      centre += gap * size / whole;
      distance += parts[((long long)part * 2 + 1) * n + c] + gap * gap * all * size / whole;
      all = whole;
    }
    mean[c] = rows > 0 ? (float)centre : NOT_A_NUMBER;
    variance[c] = (float)((distance < 0 ? 0 : distance) / all);
  }
}

/** parts[chunk][2][n]: sums of dy, and of dy (x - mean). Blocks of 32 x 8. */
KERNEL(batch_norm_products)(const float* dy, const float* x, const float* mean, double* parts, int rows, int n, int chunk) {
  __shared__ double sums[2][8][33];
  int column = blockIdx.x * 32 + threadIdx.x;
  int begin = blockIdx.y * chunk, end = begin + chunk < rows ? begin + chunk : rows;
  double sum = 0, product = 0;
  if (column < n) {
    float centre = mean[column];
    for (int r = begin + threadIdx.y; r < end; r += 8) {
      long long at = (long long)r * n + column;
      double d = dy[at];
      sum += d;
      product += d * (double)(x[at] - centre);
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

/** The gradients of scale and offset, and what the gradient of x takes: numbers[3][n]. */
KERNEL(batch_norm_slopes)(const double* parts, const float* variance, const float* scale, float* dScale, float* dOffset, float* numbers, int rows, int n, int count,
                          float epsilon) {
  EACH(c, n) {
    double sum = 0, product = 0;
    for (int part = 0; part < count; part++) {
      sum += parts[(long long)part * 2 * n + c];
      product += parts[((long long)part * 2 + 1) * n + c];
    }
    double inverse = 1.0 / sqrt((double)(variance[c] + epsilon));
    dOffset[c] = (float)sum;
    dScale[c] = (float)(product * inverse);
    numbers[c] = (float)((double)scaleAt(scale, c) * inverse);
    numbers[n + c] = (float)(sum / rows);
    numbers[2 * n + c] = (float)(product * inverse * inverse / rows);
  }
}

KERNEL(batch_norm_gradient)(const float* dy, const float* x, const float* mean, const float* numbers, float* dx, int size, int n) {
  EACH(i, size) {
    int c = i % (unsigned)n;
    dx[i] = (dy[i] - numbers[n + c] - (x[i] - mean[c]) * numbers[2 * n + c]) * numbers[c];
  }
}
