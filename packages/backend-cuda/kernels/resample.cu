// Weighted sums of rows that lie side by side, as when images are resized.
#include "device.h"

/** y[o][r] = the sum over `bands[r][1]` rows of x[o], from row `bands[r][0]` on, each times its weight: the bits of these follow in `bands[r]`. Rows of `inner`. */
KERNEL(resample)(const float* x, const int* bands, float* y, int n, int from, int to, int inner, int taps) {
  EACH(i, n) {
    unsigned row = i / (unsigned)inner, column = i - row * (unsigned)inner;
    unsigned image = row / (unsigned)to;
    const int* band = bands + (long long)(row - image * (unsigned)to) * (taps + 2);
    const float* at = x + ((long long)image * from + band[0]) * inner + column;
    const float* weights = (const float*)(band + 2);
    float sum = 0;
    for (int tap = 0; tap < band[1]; tap++) sum = fmaf(weights[tap], at[(long long)tap * inner], sum);
    y[i] = sum;
  }
}
