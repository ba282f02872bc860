// Steps of optimizers for many weights in one launch, in one pass over each weight's memory.
#include "device.h"

/** Where one weight's numbers lie. w: the weight, where it decays; a, b, c: what the rule remembers; u: where the update goes. 0: not there. */
struct Weight {
  const float* g;
  const float* w;
  const float* a;
  const float* b;
  const float* c;
  float* u;
  float* aOut;
  float* bOut;
  float* cOut;
  int n;
  /** The first block that works on it. */
  int block;
};
struct Weights {
  Weight weight[40];
};

enum Rule { SCALE, MOMENTUM, NESTEROV, RMS, CENTERED_RMS, ADAM, AMSGRAD, ADAGRAD, ADAMAX, LION };

// What is remembered is 0 instead of subnormal, as on the other backends.
DEVICE float normal(float x) { return fabsf(x) < 1.17549435e-38f ? 0.0f : x; }
DEVICE float normalSquare(float x) { return fabsf(x) < 1.0842022e-19f ? 0.0f : x * x; }

/** Elements that a block of 256 threads does. */
#define CHUNK 1024

/** numbers: before, after and decay, float32, as `optimizer_numbers` wrote them. p, q, s: what the rule takes. adds: the update is added to u. */
KERNEL(optimizer)(int rule, int count, Weights all, const float* numbers, float p, float q, float s, int adds) {
  int index = 0;
  while (index + 1 < count && (int)blockIdx.x >= all.weight[index + 1].block) index++;
  const Weight& t = all.weight[index];
  float before = numbers[0], after = numbers[1], decay = numbers[2];
  int first = ((int)blockIdx.x - t.block) * CHUNK;
  int end = first + CHUNK < t.n ? first + CHUNK : t.n;
  ROLLED
  for (int i = first + threadIdx.x; i < end; i += 256) {
    float x = t.g[i] * before, y = x;
    if (rule == MOMENTUM || rule == NESTEROV) {
      float velocity = normal(t.a[i] * p + x);
      t.aOut[i] = velocity;
      y = rule == NESTEROV ? velocity * p + x : velocity;
    } else if (rule == RMS || rule == CENTERED_RMS) {
      float squares = normal(t.a[i] * p + normalSquare(x)), variance = squares;
      t.aOut[i] = squares;
      if (rule == CENTERED_RMS) {
        float sums = normal(t.b[i] * p + x);
        t.bOut[i] = sums;
        variance = squares - sums * sums * s;
      }
      y = x / sqrtf(variance + q);
    } else if (rule == ADAM || rule == AMSGRAD) {
      float sums = normal(t.a[i] * p + x), squares = normal(t.b[i] * q + normalSquare(x)), most = squares;
      t.aOut[i] = sums;
      t.bOut[i] = squares;
      if (rule == AMSGRAD) {
        most = larger(t.c[i], squares);
        t.cOut[i] = most;
      }
      y = sums / (sqrtf(most) + s);
    } else if (rule == ADAGRAD) {
      float squares = t.a[i] + normalSquare(x);
      t.aOut[i] = squares;
      y = x / sqrtf(squares + q);
    } else if (rule == ADAMAX) {
      float sums = normal(t.a[i] * p + x), most = normal(larger(t.b[i] * q, fabsf(x)));
      t.aOut[i] = sums;
      t.bOut[i] = most;
      y = sums / (most + s);
    } else if (rule == LION) {
      float mean = t.a[i], direction = mean * p + x * (1.0f - p);
      t.aOut[i] = normal(mean * q + x * (1.0f - q));
      y = isNaN(direction) ? direction : direction > 0 ? 1.0f : direction < 0 ? -1.0f : 0.0f;
    }
    y *= after;
    if (t.w) y += t.w[i] * decay;
    t.u[i] = adds ? t.u[i] + y : y;
  }
}

enum Factor { ONE, CONSTANT, ADAM_FACTOR, INVERSE };

/**
 * What all weights share, computed where the scalars are: the next values of up to two of them, m beta + 1, and the numbers that `optimizer` takes. factor: what
 * the direction is multiplied with: nothing, `constant`, sqrt(v) / m, 1 / m.
 */
KERNEL(optimizer_numbers)(const float* before, const float* after, const float* decay, const float* m, const float* v, float* mOut, float* vOut,
                          float beta1, float beta2, int factor, float constant, float* numbers) {
  if (THREAD > 0) return;
  float mNext = m ? m[0] * beta1 + 1.0f : 1.0f, vNext = v ? v[0] * beta2 + 1.0f : 1.0f;
  if (m) mOut[0] = mNext;
  if (v) vOut[0] = vNext;
  float direction = factor == CONSTANT ? constant : factor == ADAM_FACTOR ? sqrtf(vNext) / mNext : factor == INVERSE ? 1.0f / mNext : 1.0f;
  numbers[0] = before ? before[0] : 1.0f;
  numbers[1] = after ? (factor == ONE ? after[0] : after[0] * direction) : direction;
  numbers[2] = decay ? decay[0] : 0.0f;
}
