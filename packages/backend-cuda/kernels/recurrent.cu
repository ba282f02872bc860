// The steps of LSTM and GRU between their matrix products; see src/kernels/fused/recurrent.ts for what each tensor is.
#include "device.h"

DEVICE float sigmoidOf(float v) {
  if (v >= 0) return 1.0f / (1.0f + expf(-v));
  float e = expf(v);
  return e / (1.0f + e);
}
DEVICE float sigmoidSlope(float y) { return y * (1.0f - y); }
DEVICE float tanhSlope(float y) { return 1.0f - y * y; }

struct Sequence {
  int batch, steps, units, t, all;
  /** The product with the state, or with what comes back from it, lies in so many parts that are added up when it is read. 0 where there is none yet. */
  int parts;
};

/** A number of which `parts` parts lie `size` apart, added up in order. */
DEVICE float joined(const float* z, long long at, long long size, int parts) {
  float sum = z[at];
  for (int part = 1; part < parts; part++) sum += z[part * size + at];
  return sum;
}

/**
 * One step: z [batch][4 units] is the state's part of the gates, to which that of the input, zx [batch][steps][4 units], and the bias are added. The next states
 * go to `hs` (all of them, or the last), to `next`, and to the next step's place in `before` and `cells`.
 */
KERNEL(lstm_step)(const float* zx, const float* z, const float* bias, const Byte* mask, float* hs, float* cs, float* gates, float* before, float* cells,
                  float* squashed, float* next, Sequence q) {
  int units = q.units;
  EACH(i, q.batch * units) {
    int r = i / (unsigned)units, j = i % (unsigned)units;
    long long place = (long long)r * q.steps + q.t, at = place * units + j;
    bool last = q.t + 1 == q.steps;
    float h = before[at], c = cells[at];
    if (!mask || mask[place]) {
      float in[4];
      for (int g = 0; g < 4; g++) {
        int column = g * units + j;
        in[g] = (bias ? bias[column] : 0.0f) + zx[place * 4 * units + column] + joined(z, (long long)r * 4 * units + column, (long long)q.batch * 4 * units, q.parts);
      }
      float a = sigmoidOf(in[0]), f = sigmoidOf(in[1]), g = tanhf(in[2]), o = sigmoidOf(in[3]);
      float cell = f * c + a * g, size = tanhf(cell);
      float* to = gates + place * 4 * units + j;
      to[0] = a;
      to[units] = f;
      to[2 * units] = g;
      to[3 * units] = o;
      squashed[at] = size;
      c = cell;
      h = o * size;
    }
    next[i] = h;
    if (q.all) hs[at] = h;
    else if (last) hs[(long long)r * units + j] = h;
    if (last) cs[(long long)r * units + j] = c;
    else {
      before[at + units] = h;
      cells[at + units] = c;
    }
  }
}

/** Puts the first states where the first step looks for them: before[r][0] = h[r]. */
KERNEL(first_state)(const float* h, float* before, Sequence q) {
  EACH(i, q.batch * q.units) before[(long long)(i / (unsigned)q.units) * q.steps * q.units + i % (unsigned)q.units] = h[i];
}

/**
 * What comes from behind the sequence (nothing where dState is null), or from the step after: what went past it and the product. dh is added where all states are
 * outputs.
 */
DEVICE float fromLater(const float* dh, const float* dState, const float* product, const float* passed, int i, long long at, Sequence q) {
  float dy = q.parts > 0 ? passed[i] + joined(product, i, (long long)q.batch * q.units, q.parts) : dState ? dState[i] : 0.0f;
  return q.all ? dy + dh[at] : dy;
}

/** One step back. Writes dz of the step, in its place and as rows, the next dCell in place, and what goes past a masked step to `passed`. */
KERNEL(lstm_back)(const float* dh, const float* gates, const float* cells, const float* squashed, const Byte* mask, const float* dState, const float* product,
                  float* dCell, float* dz, float* rows, float* passed, Sequence q) {
  int units = q.units;
  EACH(i, q.batch * units) {
    int r = i / (unsigned)units, j = i % (unsigned)units;
    long long place = (long long)r * q.steps + q.t, at = place * units + j;
    float dy = fromLater(dh, dState, product, passed, i, at, q);
    float* to = dz + place * 4 * units + j;
    float* row = rows + (long long)r * 4 * units + j;
    float d[4] = {0, 0, 0, 0};
    bool counts = !mask || mask[place];
    if (counts) {
      const float* from = gates + place * 4 * units + j;
      float a = from[0], f = from[units], g = from[2 * units], o = from[3 * units], size = squashed[at];
      float c = dCell[i] + dy * o * tanhSlope(size);
      d[0] = c * g * sigmoidSlope(a);
      d[1] = c * cells[at] * sigmoidSlope(f);
      d[2] = c * a * tanhSlope(g);
      d[3] = dy * size * sigmoidSlope(o);
      dCell[i] = c * f;
    }
    passed[i] = counts ? 0.0f : dy;
    for (int g = 0; g < 4; g++) to[g * units] = row[g * units] = d[g];
  }
}

/** y = a + b, which lies in parts: what reaches the first state. */
KERNEL(add_rows)(const float* a, const float* b, float* y, int n, int parts) {
  EACH(i, n) y[i] = a[i] + joined(b, i, n, parts);
}

/** One step of a GRU: zx is the input's part [batch][steps][3 units], z the state's [batch][3 units]; the biases are two rows of 3 units. */
KERNEL(gru_step)(const float* zx, const float* z, const float* bias, const Byte* mask, float* hs, float* gates, float* inner, float* before, float* next, Sequence q) {
  int units = q.units;
  EACH(i, q.batch * units) {
    int r = i / (unsigned)units, j = i % (unsigned)units;
    long long place = (long long)r * q.steps + q.t, at = place * units + j;
    bool last = q.t + 1 == q.steps;
    float h = before[at];
    if (!mask || mask[place]) {
      float x[3], s[3];
      for (int g = 0; g < 3; g++) {
        int column = g * units + j;
        x[g] = (bias ? bias[column] : 0.0f) + zx[place * 3 * units + column];
        s[g] = (bias ? bias[3 * units + column] : 0.0f) + joined(z, (long long)r * 3 * units + column, (long long)q.batch * 3 * units, q.parts);
      }
      float update = sigmoidOf(x[0] + s[0]), reset = sigmoidOf(x[1] + s[1]), candidate = tanhf(x[2] + reset * s[2]);
      float* to = gates + place * 3 * units + j;
      to[0] = update;
      to[units] = reset;
      to[2 * units] = candidate;
      inner[at] = s[2];
      h = update * h + (1.0f - update) * candidate;
    }
    next[i] = h;
    if (q.all) hs[at] = h;
    else if (last) hs[(long long)r * units + j] = h;
    if (!last) before[at + units] = h;
  }
}

/** One step back of a GRU: `rows` takes the state's parts as rows, `passed` what reaches the state before directly. */
KERNEL(gru_back)(const float* dh, const float* gates, const float* inner, const float* before, const Byte* mask, const float* dState, const float* product,
                 float* dInput, float* dGates, float* rows, float* passed, Sequence q) {
  int units = q.units;
  EACH(i, q.batch * units) {
    int r = i / (unsigned)units, j = i % (unsigned)units;
    long long place = (long long)r * q.steps + q.t, at = place * units + j;
    float dy = fromLater(dh, dState, product, passed, i, at, q);
    float d[3] = {0, 0, 0}, reset = 0;
    bool counts = !mask || mask[place];
    passed[i] = dy;
    if (counts) {
      const float* from = gates + place * 3 * units + j;
      float update = from[0], candidate = from[2 * units];
      reset = from[units];
      d[2] = dy * (1.0f - update) * tanhSlope(candidate);
      d[0] = dy * (before[at] - candidate) * sigmoidSlope(update);
      d[1] = d[2] * inner[at] * sigmoidSlope(reset);
      passed[i] = dy * update;
    }
    for (int g = 0; g < 3; g++) {
      float own = g == 2 ? d[2] * reset : d[g];
      dInput[place * 3 * units + g * units + j] = d[g];
      dGates[place * 3 * units + g * units + j] = own;
      rows[(long long)r * 3 * units + g * units + j] = own;
    }
  }
}
