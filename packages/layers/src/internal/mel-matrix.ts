const { fround } = Math;

/** Hertz as mels, in float32 as Keras computes it. */
const melsOf = (hertz: number): number => fround(1127 * fround(Math.log(fround(1 + fround(hertz / 700)))));

/** Numbers at even distances. */
function evenly(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => fround(from + ((to - from) * index) / (count - 1)));
}

/** What each of `bins` frequencies from 0 to half the sampling rate gives each of `mels` bands, triangles on the mel scale: `[bins, mels]`, row by row. */
export function melMatrix(
  bins: number,
  mels: number,
  rate: number,
  [low, high]: readonly [number, number],
): Float32Array {
  const edges = evenly(melsOf(low), melsOf(high), mels + 2);
  const matrix = new Float32Array(bins * mels);
  // The lowest frequency, a constant, goes into no band.
  evenly(0, rate / 2, bins).forEach((hertz, bin) => {
    if (bin === 0) return;
    const place = melsOf(hertz);
    for (let mel = 0; mel < mels; mel++) {
      const [lower, middle, upper] = [edges[mel]!, edges[mel + 1]!, edges[mel + 2]!];
      const rising = (place - lower) / (middle - lower);
      const falling = (upper - place) / (upper - middle);
      matrix[bin * mels + mel] = Math.max(0, Math.min(rising, falling));
    }
  });
  return matrix;
}
