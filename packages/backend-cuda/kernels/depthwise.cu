// Convolutions of each channel by itself, [batch, height, width, channels], with their gradients. Output channel o belongs to input channel o / multiplier.
#include "gemm.h"

struct Depthwise {
  int height, width, channels, multiplier;
  int outHeight, outWidth;
  int kernelHeight, kernelWidth;
  int strideHeight, strideWidth, dilationHeight, dilationWidth;
  int padTop, padLeft;
};

KERNEL(depthwise)(const float* x, const float* filter, float* y, int n, Depthwise g, Finish f) {
  int outChannels = g.channels * g.multiplier;
  EACH(i, n) {
    unsigned rest = i / (unsigned)outChannels;
    int o = i % (unsigned)outChannels, c = o / g.multiplier;
    int column = rest % (unsigned)g.outWidth;
    rest /= (unsigned)g.outWidth;
    int row = rest % (unsigned)g.outHeight, image = rest / (unsigned)g.outHeight;
    float sum = 0;
    for (int r = 0; r < g.kernelHeight; r++) {
      int h = row * g.strideHeight - g.padTop + r * g.dilationHeight;
      if (h < 0 || h >= g.height) continue;
      for (int s = 0; s < g.kernelWidth; s++) {
        int w = column * g.strideWidth - g.padLeft + s * g.dilationWidth;
        if (w < 0 || w >= g.width) continue;
        sum = fmaf(x[((long long)(image * g.height + h) * g.width + w) * g.channels + c], filter[(r * g.kernelWidth + s) * outChannels + o], sum);
      }
    }
    y[i] = finished(sum, o, f);
  }
}

KERNEL(depthwise_input)(const float* dy, const float* filter, float* dx, int n, Depthwise g) {
  int outChannels = g.channels * g.multiplier;
  EACH(i, n) {
    unsigned rest = i / (unsigned)g.channels;
    int c = i % (unsigned)g.channels;
    int column = rest % (unsigned)g.width;
    rest /= (unsigned)g.width;
    int row = rest % (unsigned)g.height, image = rest / (unsigned)g.height;
    float sum = 0;
    for (int r = 0; r < g.kernelHeight; r++) {
      int h = row + g.padTop - r * g.dilationHeight;
      if (h < 0 || h % g.strideHeight != 0 || h / g.strideHeight >= g.outHeight) continue;
      for (int s = 0; s < g.kernelWidth; s++) {
        int w = column + g.padLeft - s * g.dilationWidth;
        if (w < 0 || w % g.strideWidth != 0 || w / g.strideWidth >= g.outWidth) continue;
        long long at = ((long long)(image * g.outHeight + h / g.strideHeight) * g.outWidth + w / g.strideWidth) * outChannels;
        for (int o = c * g.multiplier; o < (c + 1) * g.multiplier; o++) sum = fmaf(dy[at + o], filter[(r * g.kernelWidth + s) * outChannels + o], sum);
      }
    }
    dx[i] = sum;
  }
}

/** parts[chunk][tap][outChannels]: sums over the output pixels of a chunk. Blocks of 32 x 8: a thread a channel and every 8th pixel. */
KERNEL(depthwise_filter)(const float* x, const float* dy, float* parts, int pixels, int chunk, Depthwise g) {
  __shared__ float sums[8][33];
  int outChannels = g.channels * g.multiplier;
  int o = blockIdx.x * 32 + threadIdx.x, tap = blockIdx.y;
  int r = tap / g.kernelWidth, s = tap % g.kernelWidth;
  int begin = blockIdx.z * chunk, end = begin + chunk < pixels ? begin + chunk : pixels;
  float sum = 0;
  if (o < outChannels)
    for (int p = begin + threadIdx.y; p < end; p += 8) {
      int column = p % g.outWidth, row = p / g.outWidth % g.outHeight, image = p / g.outWidth / g.outHeight;
      int h = row * g.strideHeight - g.padTop + r * g.dilationHeight, w = column * g.strideWidth - g.padLeft + s * g.dilationWidth;
      if (h < 0 || h >= g.height || w < 0 || w >= g.width) continue;
      sum = fmaf(x[((long long)(image * g.height + h) * g.width + w) * g.channels + o / g.multiplier], dy[(long long)p * outChannels + o], sum);
    }
  sums[threadIdx.y][threadIdx.x] = sum;
  __syncthreads();
  if (threadIdx.y > 0 || o >= outChannels) return;
  for (int part = 1; part < 8; part++) sum += sums[part][threadIdx.x];
  parts[((long long)blockIdx.z * gridDim.y + tap) * outChannels + o] = sum;
}
