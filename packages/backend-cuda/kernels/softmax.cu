// Softmax, its gradient and cross-entropies: one block a row, of whole warps.
#include "device.h"

/** The largest number of a row, and the sum of e^(x - largest). */
DEVICE float2 topAndSum(const float* x, int n) {
  float top = -INFINITE;
  for (int i = threadIdx.x; i < n; i += blockDim.x) top = larger(top, x[i]);
  top = blockLargest(top);
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += expf(x[i] - top);
  float2 result;
  result.x = top;
  result.y = blockSum(sum);
  return result;
}

/** y may be x. */
KERNEL(softmax)(const float* x, float* y, int n) {
  x += (long long)blockIdx.x * n;
  y += (long long)blockIdx.x * n;
  float2 of = topAndSum(x, n);
  for (int i = threadIdx.x; i < n; i += blockDim.x) y[i] = expf(x[i] - of.x) / of.y;
}

/** The same for short rows, a warp a row, blocks of 32 x 8: each number is read once. */
template <int V>
DEVICE void softmaxRow(const float* x, float* y, int rows, int n) {
  int row = blockIdx.x * 8 + threadIdx.y;
  if (row >= rows) return;
  Row<V> v;
  v.read(x + (long long)row * n, n);
  float top = -INFINITE, sum = 0;
  v.each(n, [&](float& number, int) { top = larger(top, number); });
  top = warpLargest(top);
  v.each(n, [&](float& number, int) { sum += number = expf(number - top); });
  sum = warpSum(sum);
  v.each(n, [&](float& number, int) { number /= sum; });
  v.write(y + (long long)row * n, n);
}
KERNEL(softmax_256)(const float* x, float* y, int rows, int n) { softmaxRow<2>(x, y, rows, n); }
KERNEL(softmax_1024)(const float* x, float* y, int rows, int n) { softmaxRow<8>(x, y, rows, n); }

/** dx = y (dy - sum(dy y)). */
KERNEL(softmax_gradient)(const float* dy, const float* y, float* dx, int n) {
  long long base = (long long)blockIdx.x * n;
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += dy[base + i] * y[base + i];
  sum = blockSum(sum);
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float v = y[base + i];
    dx[base + i] = dy[base + i] * v - sum * v;
  }
}

/** Labels are shares of classes. */
KERNEL(cross_entropy)(const float* labels, const float* logits, float* losses, float* slope, int n) {
  long long base = (long long)blockIdx.x * n;
  const float* x = logits + base;
  const float* label = labels + base;
  float2 of = topAndSum(x, n);
  float logSum = logf(of.y), loss = 0, weight = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    loss += label[i] * (x[i] - of.x - logSum);
    weight += label[i];
  }
  loss = blockSum(loss);
  weight = blockSum(weight);
  if (threadIdx.x == 0) losses[blockIdx.x] = -loss;
  for (int i = threadIdx.x; i < n; i += blockDim.x) slope[base + i] = expf(x[i] - of.x) / of.y * weight - label[i];
}

/** Labels are class numbers; one that is no class gives the loss 0, but NaN where a logit is. */
KERNEL(sparse_cross_entropy)(const int* labels, const float* logits, float* losses, float* slope, int n) {
  long long base = (long long)blockIdx.x * n;
  const float* x = logits + base;
  int label = labels[blockIdx.x];
  float2 of = topAndSum(x, n);
  bool known = label >= 0 && label < n;
  if (threadIdx.x == 0) losses[blockIdx.x] = known ? logf(of.y) - (x[label] - of.x) : of.y * 0.0f;
  for (int i = threadIdx.x; i < n; i += blockDim.x) slope[base + i] = expf(x[i] - of.x) / of.y - (i == label ? 1.0f : 0.0f);
}

DEVICE float clipped(float q, float low, float high) { return isNaN(q) ? q : q < low ? low : q > high ? high : q; }

/** Of probabilities: each row is divided by its sum and clipped to [low, high]. Labels are shares of classes. */
KERNEL(probability_cross_entropy)(const float* labels, const float* p, float* losses, float* slope, int n, float low, float high) {
  long long base = (long long)blockIdx.x * n;
  float total = 0, loss = 0, weight = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) total += p[base + i];
  total = blockSum(total);
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float q = p[base + i] / total, c = clipped(q, low, high), label = labels[base + i];
    loss += label * logf(c);
    if (q == c) weight += label / c * q;
  }
  loss = blockSum(loss);
  weight = blockSum(weight);
  if (threadIdx.x == 0) losses[blockIdx.x] = -loss;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    float q = p[base + i] / total, c = clipped(q, low, high);
    slope[base + i] = (weight - (q == c ? labels[base + i] / c : 0.0f)) / total;
  }
}

/** Labels are class numbers; one that is no class gives the loss 0 and the slope 0, but what is not finite shows. */
KERNEL(sparse_probability_cross_entropy)(const int* labels, const float* p, float* losses, float* slope, int n, float low, float high) {
  long long base = (long long)blockIdx.x * n;
  int label = labels[blockIdx.x];
  float total = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) total += p[base + i];
  total = blockSum(total);
  float broken = total - total, ratio = broken, weight = broken, loss = broken;
  bool known = label >= 0 && label < n;
  if (known) {
    float q = p[base + label] / total, c = clipped(q, low, high);
    loss = broken - logf(c);
    if (q == c) ratio += 1.0f / c;
    weight += ratio * q / total;
  }
  if (threadIdx.x == 0) losses[blockIdx.x] = loss;
  for (int i = threadIdx.x; i < n; i += blockDim.x) slope[base + i] = i == label ? weight - ratio / total : weight;
}
