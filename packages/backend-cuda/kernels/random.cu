// Philox4x32-10: numbers that are a function of key, counter and place alone. The counter lies in device memory: a captured step draws anew.
#include "device.h"

struct Four {
  unsigned word[4];
};

DEVICE Four philox(unsigned block, unsigned counter, unsigned low, unsigned high) {
  unsigned c0 = block, c1 = 0, c2 = counter, c3 = 0;
  for (int round = 0; round < 10; round++) {
    unsigned long long p = 0xD2511F53ull * c0, q = 0xCD9E8D57ull * c2;
    unsigned n0 = (unsigned)(q >> 32) ^ c1 ^ low, n2 = (unsigned)(p >> 32) ^ c3 ^ high;
    c1 = (unsigned)q;
    c3 = (unsigned)p;
    c0 = n0;
    c2 = n2;
    low += 0x9E3779B9u;
    high += 0xBB67AE85u;
  }
  Four result;
  result.word[0] = c0;
  result.word[1] = c1;
  result.word[2] = c2;
  result.word[3] = c3;
  return result;
}

#define UNIT_STEP 5.9604644775390625e-8f

/** [low, low + range): from 0 on one rounding is all there is. */
KERNEL(random_uniform)(float* y, int n, const int* counter, int keyLow, int keyHigh, double low, double range) {
  unsigned step = (unsigned)counter[0];
  EACH(block, ((unsigned)n + 3) / 4) {
    Four bits = philox(block, step, (unsigned)keyLow, (unsigned)keyHigh);
    for (int k = 0; k < 4; k++) {
      unsigned i = block * 4 + k;
      if (i >= (unsigned)n) break;
      float u = (float)(bits.word[k] >> 8) * UNIT_STEP;
      y[i] = low == 0 ? u * (float)range : (float)((double)u * range + low);
    }
  }
}

/** Words 0 and 1 of a block make one pair of normal numbers, 2 and 3 another. */
KERNEL(random_normal)(float* y, int n, const int* counter, int keyLow, int keyHigh, float mean, float deviation) {
  unsigned step = (unsigned)counter[0];
  EACH(block, ((unsigned)n + 3) / 4) {
    Four bits = philox(block, step, (unsigned)keyLow, (unsigned)keyHigh);
    for (int k = 0; k < 4; k += 2) {
      float u = (float)((bits.word[k] >> 8) + 1) * UNIT_STEP;
      double radius = sqrt(-2.0 * log((double)u));
      double turn = 2.0 * (double)((float)(bits.word[k + 1] >> 8) * UNIT_STEP);
      unsigned i = block * 4 + k;
      if (i < (unsigned)n) y[i] = (float)(radius * COSINE_OF_PI(turn)) * deviation + mean;
      if (i + 1 < (unsigned)n) y[i + 1] = (float)(radius * SINE_OF_PI(turn)) * deviation + mean;
    }
  }
}

/** y = x * scale where the upper 24 bits are at least `threshold`, x * 0 elsewhere: infinities and NaN show. */
KERNEL(random_dropout)(const float* x, float* y, int n, const int* counter, int keyLow, int keyHigh, int threshold, float scale) {
  unsigned step = (unsigned)counter[0];
  EACH(block, ((unsigned)n + 3) / 4) {
    Four bits = philox(block, step, (unsigned)keyLow, (unsigned)keyHigh);
    if (block * 4 + 4 <= (unsigned)n) {
      float4 v = *(const float4*)(x + block * 4);
      v.x *= (int)(bits.word[0] >> 8) >= threshold ? scale : 0.0f;
      v.y *= (int)(bits.word[1] >> 8) >= threshold ? scale : 0.0f;
      v.z *= (int)(bits.word[2] >> 8) >= threshold ? scale : 0.0f;
      v.w *= (int)(bits.word[3] >> 8) >= threshold ? scale : 0.0f;
      *(float4*)(y + block * 4) = v;
      continue;
    }
    for (int k = 0; k < 4; k++) {
      unsigned i = block * 4 + k;
      if (i >= (unsigned)n) break;
      y[i] = x[i] * ((int)(bits.word[k] >> 8) >= threshold ? scale : 0.0f);
    }
  }
}
