// Elementwise functions of two tensors of one type, with broadcasting.
#include "device.h"

/** The dimensions of the result, last one first, neighbours joined; how far a step in one moves each operand: 0 where it is repeated. */
struct Spread {
  int rank;
  int size[6];
  int a[6];
  int b[6];
};

/** Four neighbours, read or written at once. */
template <class T>
struct alignas(4 * sizeof(T)) Quad {
  T at[4];
};

template <class T>
DEVICE Quad<T> repeated(T one) {
  Quad<T> q;
  q.at[0] = q.at[1] = q.at[2] = q.at[3] = one;
  return q;
}

template <class T, class R, class F>
DEVICE void storeFour(R* y, const Quad<T>& u, const Quad<T>& v, F f) {
  Quad<R> r;
  UNROLLED
  for (int k = 0; k < 4; k++) r.at[k] = f(u.at[k], v.at[k]);
  *(Quad<R>*)y = r;
}

/** Where the operands of place i are. The loop is written out: a structure that is indexed by a variable would be copied to memory by each thread. */
DEVICE void placesOf(unsigned i, const Spread& s, int* a, int* b) {
  unsigned rest = i;
  int at = 0, bt = 0;
  UNROLLED
  for (int d = 0; d < 6; d++)
    if (d < s.rank) {
      unsigned whole = d + 1 == s.rank ? 0 : rest / (unsigned)s.size[d];
      int place = (int)(rest - whole * (unsigned)s.size[d]);
      at += place * s.a[d];
      bt += place * s.b[d];
      rest = whole;
    }
  *a = at;
  *b = bt;
}

/**
 * mode 0: both operands have the result's shape; 1: a is one number; 2: b is one number; 3: as `s` says. Four places are done at once: in mode 3 where the innermost
 * size is a multiple of four, elsewhere up to the last three.
 */
template <class T, class R, class F>
DEVICE void each(const T* a, const T* b, R* y, int n, int mode, const Spread& s, F f) {
  unsigned fours = mode == 3 && s.size[0] % 4 != 0 ? 0 : (unsigned)n / 4;
  if (mode == 0) {
    EACH(i, fours) storeFour(y + i * 4, *(const Quad<T>*)(a + i * 4), *(const Quad<T>*)(b + i * 4), f);
  } else if (mode == 1) {
    Quad<T> one = repeated(a[0]);
    EACH(i, fours) storeFour(y + i * 4, one, *(const Quad<T>*)(b + i * 4), f);
  } else if (mode == 2) {
    Quad<T> one = repeated(b[0]);
    EACH(i, fours) storeFour(y + i * 4, *(const Quad<T>*)(a + i * 4), one, f);
  } else {
    EACH(i, fours) {
      int at, bt;
      placesOf(i * 4, s, &at, &bt);
      Quad<T> u = s.a[0] ? *(const Quad<T>*)(a + at) : repeated(a[at]);
      Quad<T> v = s.b[0] ? *(const Quad<T>*)(b + bt) : repeated(b[bt]);
      storeFour(y + i * 4, u, v, f);
    }
  }
  EACH(k, (unsigned)n - fours * 4) {
    unsigned i = fours * 4 + k;
    int at = mode == 1 ? 0 : (int)i, bt = mode == 2 ? 0 : (int)i;
    if (mode == 3) placesOf(i, s, &at, &bt);
    y[i] = f(a[at], b[bt]);
  }
}

#define BINARY(name, T, R, result) \
  KERNEL(name)(const T* a, const T* b, R* y, int n, int mode, Spread s) { \
    each(a, b, y, n, mode, s, [](T u, T v) -> R { return result; }); \
  }
#define FLOAT(name, result) BINARY(float_##name, float, float, result)
#define WHOLE(name, result) BINARY(whole_##name, int, int, result)

FLOAT(Add, u + v)
FLOAT(Sub, u - v)
FLOAT(Multiply, u * v)
FLOAT(RealDiv, u / v)
FLOAT(Maximum, larger(u, v))
FLOAT(Minimum, smaller(u, v))
FLOAT(SquaredDifference, (u - v) * (u - v))
FLOAT(Prelu, u < 0 ? u * v : u)
FLOAT(EluGrad, v >= 0 ? u : u * (v + 1.0f))
DEVICE_CALL float angleOf(float u, float v) { return (float)atan2((double)u, (double)v); }
DEVICE_CALL float floorOf(float u, float v) { return (float)floor((double)u / (double)v); }
FLOAT(Atan2, angleOf(u, v))
FLOAT(FloorDiv, floorOf(u, v))

/** As JavaScript has it: a power of NaN is NaN unless it is the 0th, and 1 to an infinite or unknown power is NaN. */
DEVICE_CALL double powerOf(double u, double v) {
  if (v != v || ((u == 1 || u == -1) && (v - v) != 0)) return v == 0 ? 1 : v - v;
  return pow(u, v);
}
FLOAT(Pow, (float)powerOf((double)u, (double)v))

/** The remainder with the sign of the divisor. */
DEVICE_CALL float remainderOf(float u, float v) {
  double rest = fmod((double)u, (double)v);
  if ((u >= 0 && v >= 0) || (u < 0 && v < 0)) return (float)rest;
  return (float)fmod(rest + (double)v, (double)v);
}
FLOAT(Mod, remainderOf(u, v))

WHOLE(Add, (int)((unsigned)u + (unsigned)v))
WHOLE(Sub, (int)((unsigned)u - (unsigned)v))
WHOLE(Multiply, (int)((unsigned)u * (unsigned)v))
WHOLE(Maximum, u > v ? u : v)
WHOLE(Minimum, u < v ? u : v)
WHOLE(SquaredDifference, (int)(((unsigned)u - (unsigned)v) * ((unsigned)u - (unsigned)v)))
WHOLE(BitwiseAnd, u & v)

/** What a number beyond int32 becomes in an Int32Array: its lowest 32 bits; NaN and infinities become 0. */
DEVICE_CALL int wholeOf(double x) {
  if (!(x - x == 0)) return 0;
  double cut = trunc(x);
  double rest = fmod(cut, 4294967296.0);
  return (int)(unsigned)(long long)rest;
}
/** By squaring, modulo 2^32: exact, which pow of doubles is not on a device. 1 and -1 are their own inverses; other negative powers are 0. */
DEVICE_CALL int wholePower(int u, int v) {
  if (v < 0 && u != 1 && u != -1) return 0;
  unsigned result = 1, base = (unsigned)u;
  ROLLED
  for (unsigned rest = v < 0 ? 0u - (unsigned)v : (unsigned)v; rest != 0; rest >>= 1) {
    if (rest & 1) result *= base;
    base *= base;
  }
  return (int)result;
}
WHOLE(Pow, wholePower(u, v))
WHOLE(FloorDiv, v == 0 ? 0 : wholeOf(floor((double)u / (double)v)))

DEVICE_CALL int wholeRemainder(int u, int v) {
  if (v == 0) return 0;
  if (v == -1) return 0;
  int rest = u % v;
  return rest != 0 && ((rest < 0) != (v < 0)) ? rest + v : rest;
}
WHOLE(Mod, wholeRemainder(u, v))

#define COMPARISON(name, op) \
  BINARY(float_##name, float, Byte, u op v) \
  BINARY(whole_##name, int, Byte, u op v) \
  BINARY(bool_##name, Byte, Byte, u op v)
COMPARISON(Equal, ==)
COMPARISON(NotEqual, !=)
COMPARISON(Less, <)
COMPARISON(LessEqual, <=)
COMPARISON(Greater, >)
COMPARISON(GreaterEqual, >=)

BINARY(bool_LogicalAnd, Byte, Byte, u && v)
BINARY(bool_LogicalOr, Byte, Byte, u || v)
BINARY(bool_LogicalXor, Byte, Byte, !u != !v)
