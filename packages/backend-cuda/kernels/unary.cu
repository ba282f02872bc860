// Elementwise functions of one tensor. p and q are what a function takes beside x: a slope, bounds. y may be x.
#include "device.h"

template <class F>
DEVICE void each(const float* x, float* y, int n, F f) {
  const float4* from = (const float4*)x;
  float4* to = (float4*)y;
  unsigned quads = (unsigned)n >> 2;
  for (unsigned i = THREAD; i < quads; i += THREADS) {
    float4 v = from[i];
    v.x = f(v.x);
    v.y = f(v.y);
    v.z = f(v.z);
    v.w = f(v.w);
    to[i] = v;
  }
  for (unsigned i = (quads << 2) + THREAD; i < (unsigned)n; i += THREADS) y[i] = f(x[i]);
}

// The result is written with v as the number and p, q as the parameters.
#define UNARY(name, result) \
  KERNEL(unary_##name)(const float* x, float* y, int n, float p, float q) { \
    each(x, y, n, [=](float v) -> float { return result; }); \
  }

// Rounded once from float64: within one unit of the last place of the exact number.
#define WIDE(name, function) \
  DEVICE_CALL float name##Of(float v) { return (float)function((double)v); } \
  UNARY(name, name##Of(v))

UNARY(Abs, fabsf(v))
UNARY(Neg, -v)
UNARY(Square, v * v)
UNARY(Sqrt, sqrtf(v))
UNARY(Rsqrt, 1.0f / sqrtf(v))
UNARY(Reciprocal, 1.0f / v)
UNARY(Ceil, ceilf(v))
UNARY(Floor, floorf(v))
UNARY(Round, rintf(v))
UNARY(Sign, v > 0 ? 1.0f : v < 0 ? -1.0f : 0.0f)
UNARY(Relu, v < 0 ? 0.0f : v)
UNARY(Relu6, v < 0 ? 0.0f : v > 6 ? 6.0f : v)
UNARY(LeakyRelu, v < 0 ? v * p : v)
UNARY(Elu, v < 0 ? expm1f(v) : v)
UNARY(Selu, (v < 0 ? expm1f(v) * 1.6732632423543772f : v) * 1.0507009873554805f)
UNARY(Step, isNaN(v) ? v : v > 0 ? 1.0f : p)
UNARY(Exp, expf(v))
UNARY(Expm1, expm1f(v))
UNARY(Log, logf(v))
UNARY(Log1p, log1pf(v))
UNARY(Tanh, tanhf(v))
UNARY(Erf, erff(v))
UNARY(Softplus, (v > 0 ? v : isNaN(v) ? v : 0.0f) + log1pf(expf(-fabsf(v))))
UNARY(ClipByValue, v < p ? p : v > q ? q : v)

DEVICE float sigmoidOf(float v) {
  if (v >= 0) return 1.0f / (1.0f + expf(-v));
  float e = expf(v);
  return e / (1.0f + e);
}
UNARY(Sigmoid, sigmoidOf(v))

WIDE(Sin, sin)
WIDE(Cos, cos)
WIDE(Tan, tan)
WIDE(Asin, asin)
WIDE(Acos, acos)
WIDE(Atan, atan)
WIDE(Sinh, sinh)
WIDE(Cosh, cosh)
WIDE(Asinh, asinh)
WIDE(Acosh, acosh)
WIDE(Atanh, atanh)

// Whole numbers wrap around, as those of JavaScript's typed arrays do.
#define WHOLE(name, result) \
  KERNEL(whole_##name)(const int* x, int* y, int n) { \
    EACH(i, n) { \
      int v = x[i]; \
      y[i] = result; \
    } \
  }
WHOLE(Abs, v < 0 ? (int)(0u - (unsigned)v) : v)
WHOLE(Neg, (int)(0u - (unsigned)v))
WHOLE(Square, (int)((unsigned)v * (unsigned)v))
WHOLE(Relu, v < 0 ? 0 : v)

// dy times the slope of an activation at its result y: the same operations in the same order as on the other backends.
#define SLOPE(name, result) \
  KERNEL(slope_##name)(const float* dy, const float* y, float* dx, int n) { \
    EACH(i, n) { \
      float d = dy[i], v = y[i]; \
      dx[i] = result; \
    } \
  }
DEVICE float stepOf(float v) { return isNaN(v) ? v : v > 0 ? 1.0f : 0.0f; }
SLOPE(relu, d * stepOf(v))
SLOPE(relu6, d * stepOf(v) * stepOf(6.0f - v))
SLOPE(sigmoid, d * (v - v * v))
SLOPE(tanh, d - d * (v * v))
SLOPE(elu, v >= 0 ? d : d * (v + 1.0f))
