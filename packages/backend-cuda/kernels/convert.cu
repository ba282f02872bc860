// Kernels that change types, test, choose, or write values that the host knows.
#include "device.h"

#define CONVERT(name, T, R, result) \
  KERNEL(name)(const T* x, R* y, int n) { \
    EACH(i, n) { \
      T v = x[i]; \
      y[i] = result; \
    } \
  }

/** Towards zero; beyond int32 the lowest 32 bits, as in an Int32Array; 0 for what is not finite. */
DEVICE int cut(float v) {
  if (v > -2147483648.0f && v < 2147483648.0f) return (int)v;
  if (!(v - v == 0)) return 0;
  return (int)(unsigned)(long long)fmod(trunc((double)v), 4294967296.0);
}

CONVERT(int_to_float, int, float, (float)v)
CONVERT(float_to_int, float, int, cut(v))
CONVERT(bool_to_float, Byte, float, v ? 1.0f : 0.0f)
CONVERT(bool_to_int, Byte, int, v ? 1 : 0)
CONVERT(float_to_bool, float, Byte, v != 0)
CONVERT(int_to_bool, int, Byte, v != 0)
CONVERT(is_nan, float, Byte, isNaN(v))
CONVERT(is_inf, float, Byte, v == INFINITE || v == -INFINITE)
CONVERT(is_finite, float, Byte, v - v == 0)
CONVERT(logical_not, Byte, Byte, !v)

/** y = condition ? t : e, each row of `row` words by one condition. */
KERNEL(select_words)(const Byte* condition, const int* t, const int* e, int* y, int n, int row) {
  EACH(i, n) y[i] = condition[i / (unsigned)row] ? t[i] : e[i];
}

KERNEL(fill_words)(int* y, int n, int value) {
  EACH(i, n) y[i] = value;
}

KERNEL(fill_bytes)(Byte* y, int n, int value) {
  EACH(i, n) y[i] = (Byte)value;
}

/** Up to 256 bytes that travel with the launch itself: no copy from the host, so it may be captured. */
struct Words {
  int word[64];
};
KERNEL(write_bytes)(Byte* y, int n, Words words) {
  EACH(i, n) y[i] = ((const Byte*)words.word)[i];
}

/** y[i] = start + i step, in float64 until it is stored. */
KERNEL(range_float)(float* y, int n, double start, double step) {
  EACH(i, n) y[i] = (float)(start + (double)i * step);
}

KERNEL(range_int)(int* y, int n, double start, double step) {
  EACH(i, n) y[i] = (int)(start + (double)i * step);
}
