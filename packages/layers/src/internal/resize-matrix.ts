/** How values between the given ones are found. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3' | 'lanczos5';

/** The ways that are told by name. */
export const INTERPOLATIONS: readonly Interpolation[] = ['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'];

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos =
  (radius: number) =>
  (x: number): number =>
    x < radius ? sinc(x) * sinc(x / radius) : 0;

/** Weights by distance, and how far they reach. Bicubic is Keys' kernel with a = -1/2. */
const KERNELS: Readonly<Record<Exclude<Interpolation, 'nearest'>, readonly [(x: number) => number, number]>> = {
  bilinear: [(x) => Math.max(0, 1 - x), 1],
  bicubic: [(x) => (x <= 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0), 2],
  lanczos3: [lanczos(3), 3],
  lanczos5: [lanczos(5), 5],
};

/**
 * The matrix `[to, from]` that resizes one dimension: a row has the weights of the old values in a new one. Centres of pixels lie at halves, weights
 * outside are left out and the rest add up to 1, as in TensorFlow's `image.resize`. `antialias` widens the kernel where the size shrinks.
 */
export function resizeMatrix(from: number, to: number, interpolation: Interpolation, antialias = false): Float32Array {
  const matrix = new Float32Array(to * from);
  const scale = from / to;
  if (interpolation === 'nearest') {
    for (let row = 0; row < to; row++) matrix[row * from + Math.min(from - 1, Math.floor((row + 0.5) * scale))] = 1;
    return matrix;
  }
  const [kernel, radius] = KERNELS[interpolation];
  const width = antialias ? Math.max(1, scale) : 1;
  for (let row = 0; row < to; row++) {
    const centre = (row + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - radius * width));
    const last = Math.min(from - 1, Math.floor(centre + radius * width));
    const weights: number[] = [];
    for (let column = first; column <= last; column++) weights.push(kernel(Math.abs(column - centre) / width));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    weights.forEach((weight, index) => {
      matrix[row * from + first + index] = weight / total;
    });
  }
  return matrix;
}
