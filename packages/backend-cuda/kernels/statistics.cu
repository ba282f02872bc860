// Numbers about many numbers, in float64: sums of squares of many tensors, statistics of one, running means.
#include "device.h"

struct Spans {
  const float* x[128];
  int n[128];
  int block[128];
};

/** Elements that a block of 256 threads sums. */
#define CHUNK 16384

/** parts[block] = the sum of the squares of one chunk of one of `count` tensors. */
KERNEL(sums_of_squares)(int count, Spans all, double* parts) {
  int index = 0;
  while (index + 1 < count && (int)blockIdx.x >= all.block[index + 1]) index++;
  const float* x = all.x[index];
  int first = ((int)blockIdx.x - all.block[index]) * CHUNK;
  int end = first + CHUNK < all.n[index] ? first + CHUNK : all.n[index];
  double sum = 0;
  for (int i = first + threadIdx.x; i < end; i += 256) sum += (double)x[i] * (double)x[i];
  sum = blockSum(sum);
  if (threadIdx.x == 0) parts[blockIdx.x] = sum;
}

/** The norm of all, and the factor that clips it to `limit` (none where negative), from `before`: NaN where the norm is not finite. One block of 256. */
KERNEL(clip_factor)(const double* parts, int count, const float* before, float limit, float* norm, float* factor) {
  double sum = 0;
  for (int i = threadIdx.x; i < count; i += 256) sum += parts[i];
  sum = blockSum(sum);
  if (threadIdx.x > 0) return;
  float scale = before ? before[0] : 1.0f;
  float size = (float)(sqrt(sum) * fabs((double)scale));
  norm[0] = size;
  factor[0] = limit < 0 ? scale : (limit / larger(size, limit) + (size - size)) * scale;
}

/** What a block leaves of its chunk. */
struct Part {
  double distance, spread, squares, zeros;
  float low, high;
};

/** Sums of distances to the first element: a small spread around a large mean keeps its digits. */
KERNEL(statistics_parts)(const float* x, int n, Part* parts) {
  float first = x[0];
  if (!(first - first == 0)) first = 0;
  int begin = blockIdx.x * CHUNK, end = begin + CHUNK < n ? begin + CHUNK : n;
  Part p;
  p.distance = p.spread = p.squares = p.zeros = 0;
  p.low = INFINITE;
  p.high = -INFINITE;
  for (int i = begin + threadIdx.x; i < end; i += 256) {
    double v = x[i], gap = v - first;
    p.distance += gap;
    p.spread += gap * gap;
    p.squares += v * v;
    p.zeros += v == 0;
    p.low = smaller(p.low, x[i]);
    p.high = larger(p.high, x[i]);
  }
  p.distance = blockSum(p.distance);
  p.spread = blockSum(p.spread);
  p.squares = blockSum(p.squares);
  p.zeros = blockSum(p.zeros);
  p.low = -blockLargest(-p.low);
  p.high = blockLargest(p.high);
  if (threadIdx.x == 0) parts[blockIdx.x] = p;
}

/** Size, norm, mean, deviation, minimum, maximum, fraction of zeros. */
KERNEL(statistics_join)(const float* x, int n, const Part* parts, int count, float* out) {
  if (THREAD > 0) return;
  double distance = 0, spread = 0, squares = 0, zeros = 0;
  float low = INFINITE, high = -INFINITE;
  for (int i = 0; i < count; i++) {
    distance += parts[i].distance;
    spread += parts[i].spread;
    squares += parts[i].squares;
    zeros += parts[i].zeros;
    low = smaller(low, parts[i].low);
    high = larger(high, parts[i].high);
  }
  float first = x[0];
  if (!(first - first == 0)) first = 0;
  double offset = distance / n, variance = spread / n - offset * offset;
  out[0] = (float)n;
  out[1] = (float)sqrt(squares);
  out[2] = (float)((double)first + offset);
  // A variance below zero is rounding.
  out[3] = (float)sqrt(variance < 0 ? 0.0 : variance);
  out[4] = low;
  out[5] = high;
  out[6] = (float)(zeros / n);
}

/** The next state of a sum that loses nothing to rounding (Kahan), from the sum of a batch of `size` values. */
KERNEL(running_mean)(const float* sum, const float* total, const float* lack, const int* count, int size, float* totalOut, float* lackOut, int* countOut) {
  if (THREAD > 0) return;
  float term = sum[0] - lack[0], next = total[0] + term;
  totalOut[0] = next;
  lackOut[0] = (next - total[0]) - term;
  countOut[0] = count[0] + size;
}

/** The number of bytes that are not 0. One block of 256. */
KERNEL(count_true)(const Byte* x, int n, float* sum) {
  int own = 0;
  for (int i = threadIdx.x; i < n; i += 256) own += x[i] != 0;
  own = blockSum(own);
  if (threadIdx.x == 0) sum[0] = (float)own;
}
