// Layer and batch normalization with their gradients. Parameters that are left out are null: a scale of 1, an offset of 0.
#include "batch-norm.h"

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

/** The same for short rows, a warp a row, blocks of 32 x 8: each number is read once. */
template <int V>
DEVICE void normalizedRow(const float* x, const float* gamma, const float* beta, float* y, float* mean, float* inverse, int rows, int n, float epsilon) {
  int row = blockIdx.x * 8 + threadIdx.y;
  if (row >= rows) return;
  Row<V> v;
  v.read(x + (long long)row * n, n);
  float sum = 0, spread = 0;
  v.each(n, [&](float& number, int) { sum += number; });
  float centre = warpSum(sum) / (float)n;
  v.each(n, [&](float& number, int) {
    number -= centre;
    spread += number * number;
  });
  float scale = 1.0f / sqrtf(warpSum(spread) / (float)n + epsilon);
  if (threadIdx.x == 0) {
    mean[row] = centre;
    inverse[row] = scale;
  }
  v.each(n, [&](float& number, int i) { number = number * scale * scaleAt(gamma, i) + offsetAt(beta, i); });
  v.write(y + (long long)row * n, n);
}
#define LAYER_NORM(size, V) \
  KERNEL(layer_norm_##size)(const float* x, const float* gamma, const float* beta, float* y, float* mean, float* inverse, int rows, int n, float epsilon) { \
    normalizedRow<V>(x, gamma, beta, y, mean, inverse, rows, n, epsilon); \
  } \
  KERNEL(layer_norm_gradient_##size)(const float* dy, const float* x, const float* mean, const float* inverse, const float* gamma, float* dx, int rows, int n) { \
    slopesOfRow<V>(dy, x, mean, inverse, gamma, dx, rows, n); \
  }

template <int V>
DEVICE void slopesOfRow(const float* dy, const float* x, const float* mean, const float* inverse, const float* gamma, float* dx, int rows, int n) {
  int row = blockIdx.x * 8 + threadIdx.y;
  if (row >= rows) return;
  Row<V> v, g;
  v.read(x + (long long)row * n, n);
  g.read(dy + (long long)row * n, n);
  float centre = mean[row], scale = inverse[row], sum = 0, product = 0;
  g.each(n, [&](float& number, int i) { sum += number *= scaleAt(gamma, i); });
  UNROLLED
  for (int i = 0; i < V; i++) {
    if (i * 128 + (int)(threadIdx.x * 4) >= n) continue;
    UNROLLED
    for (int k = 0; k < 4; k++) {
      float& number = part(v.four[i], k);
      number = (number - centre) * scale;
      product += part(g.four[i], k) * number;
    }
  }
  float low = warpSum(sum) / (float)n, slope = warpSum(product) / (float)n;
  UNROLLED
  for (int i = 0; i < V; i++)
    UNROLLED
    for (int k = 0; k < 4; k++) part(g.four[i], k) = (part(g.four[i], k) - low - part(v.four[i], k) * slope) * scale;
  g.write(dx + (long long)row * n, n);
}
LAYER_NORM(256, 2)
LAYER_NORM(1024, 8)

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

/** dGamma and dBeta from the parts, always in one order: a thread a number and every 8th part, blocks of 32 x 8. */
KERNEL(join_columns)(const float* parts, float* dGamma, float* dBeta, int n, int count) {
  __shared__ float sums[8][33];
  int i = blockIdx.x * 32 + threadIdx.x;
  float sum = 0;
  if (i < 2 * n)
    for (int part = threadIdx.y; part < count; part += 8) sum += parts[(long long)part * 2 * n + i];
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y > 0 || i >= 2 * n) return;
  float total = 0;
  for (int part = 0; part < 8; part++) total += sums[part][threadIdx.x];
  if (i < n) dGamma[i] = total;
  else dBeta[i - n] = total;
}

/**
 * Mean and variance from those of the chunks, a block a column, always in one order. 2^fold neighbouring columns of the parts are one column of n:
 * rows of the parts are so many of x. Running statistics, where they are not null, are so much of what they were and so much of these: `next`.
 */
KERNEL(batch_norm_join)(const double* parts, float* mean, float* variance, const float* movingMean, const float* movingVariance, float* nextMean, float* nextVariance,
                        float kept, float taken, int rows, int n, int chunk, int count, int fold) {
  int c = blockIdx.x, width = n << fold, mask = (1 << fold) - 1;
  double centre = 0, distance = 0;
  for (int p = threadIdx.x; p < count << fold; p += blockDim.x) {
    int part = p >> fold, left = (rows >> fold) - part * chunk;
    centre += (left < chunk ? left : chunk) * parts[(long long)part * 2 * width + (p & mask) * n + c];
  }
  centre = blockSum(centre) / rows;
  for (int p = threadIdx.x; p < count << fold; p += blockDim.x) {
    int part = p >> fold, left = (rows >> fold) - part * chunk;
    const double* at = parts + (long long)part * 2 * width + (p & mask) * n + c;
    double gap = at[0] - centre;
    distance += at[width] + gap * gap * (left < chunk ? left : chunk);
  }
  distance = blockSum(distance);
  if (threadIdx.x > 0) return;
  float middle = rows > 0 ? (float)centre : NOT_A_NUMBER, spread = rows > 0 ? (float)((distance < 0 ? 0 : distance) / rows) : NOT_A_NUMBER;
  mean[c] = middle;
  variance[c] = spread;
  if (!movingMean) return;
  nextMean[c] = movingMean[c] * kept + middle * taken;
  nextVariance[c] = movingVariance[c] * kept + spread * taken;
}

/** The gradients of scale and offset, and what the gradient of x takes: numbers[3][n]; a block a column, 2^fold columns of the parts as above. */
KERNEL(batch_norm_slopes)(const double* parts, const float* variance, const float* scale, float* dScale, float* dOffset, float* numbers, int rows, int n, int count,
                          int fold, float epsilon) {
  int c = blockIdx.x, width = n << fold, mask = (1 << fold) - 1;
  double sum = 0, product = 0;
  for (int p = threadIdx.x; p < count << fold; p += blockDim.x) {
    const double* at = parts + (long long)(p >> fold) * 2 * width + (p & mask) * n + c;
    sum += at[0];
    product += at[width];
  }
  sum = blockSum(sum);
  product = blockSum(product);
  if (threadIdx.x > 0) return;
  double inverse = 1.0 / sqrt((double)(variance[c] + epsilon));
  dOffset[c] = (float)sum;
  dScale[c] = (float)(product * inverse);
  numbers[c] = (float)((double)scaleAt(scale, c) * inverse);
  numbers[n + c] = (float)(sum / rows);
  numbers[2 * n + c] = (float)(product * inverse * inverse / rows);
}

BATCH_NORM(, float)
