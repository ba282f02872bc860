import {
  div,
  exp,
  lessEqual,
  matMul,
  mul,
  reshape,
  square,
  sum,
  tensor,
  transpose,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Blurs images `[batch, height, width, channels]` with a Gaussian of each image's own: deviations along rows and columns `[batch, 1, 1]`, over so many pixels to each
 * side, one number for all or one an image. Beyond the edges lies 0. Two products with matrices.
 */
export function blur(
  x: Tensor,
  down: { readonly deviation: Tensor; readonly reach: Tensor | number },
  across: { readonly deviation: Tensor; readonly reach: Tensor | number },
): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const tall = matMul(weights(height, down.deviation, down.reach), reshape(x, [batch, height, width * channels]));
  const turned = transpose(reshape(tall, [batch, height, width, channels]), [0, 2, 1, 3]);
  const wide = matMul(
    weights(width, across.deviation, across.reach),
    reshape(turned, [batch, width, height * channels]),
  );
  return transpose(reshape(wide, [batch, width, height, channels]), [0, 2, 1, 3]);
}

/** The weights of pixels in others, by their distance: `[batch, size, size]`. The whole kernel adds up to 1, what it has beyond the edges included. */
function weights(size: number, deviation: Tensor, reach: Tensor | number): Tensor {
  // All distances that a kernel can have: those between two pixels, and those to pixels beyond the edges.
  const most = typeof reach === 'number' ? reach : 3 * size;
  const bell = (distances: Tensor): Tensor => {
    const part = exp(mul(square(div(distances, deviation)), -0.5));
    return where(lessEqual(mul(distances, distances), square(reach)), part, 0);
  };
  const all = tensor(
    Float32Array.from({ length: 2 * most + 1 }, (_, index) => index - most),
    [1, 1, 2 * most + 1],
  );
  const between = tensor(
    Float32Array.from({ length: size * size }, (_, index) => (index % size) - Math.floor(index / size)),
    [1, size, size],
  );
  return div(bell(between), sum(bell(all), 2, true));
}
