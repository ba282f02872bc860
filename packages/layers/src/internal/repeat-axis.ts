import { reshape, tile, type Tensor } from '@tensorflow/tfjs-core';

/** Repeats each slice along an axis so many times. */
export function repeatAxis(x: Tensor, axis: number, times: number): Tensor {
  if (times === 1) return x;
  const { shape } = x;
  const apart = [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)];
  const counts = apart.map((_, index) => (index === axis + 1 ? times : 1));
  return reshape(
    tile(reshape(x, apart), counts),
    shape.map((size, index) => (index === axis ? size * times : size)),
  );
}
