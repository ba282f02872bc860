import { sizeOf } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Padding by reflections, whose gradients are folded back onto the elements they show. */
export const mirrorPadGradients: GradientTable = [
  kernelGradient(tf.MirrorPad, {
    gradient: (dy, _saved, attributes) => {
      const { paddings, mode } = attributes as unknown as tf.MirrorPadAttrs;
      return { x: () => foldAll(dy, paddings, mode === 'reflect' ? 1 : 0) };
    },
  }),
];

function foldAll(dy: tf.Tensor, paddings: readonly [number, number][], edge: number): tf.Tensor {
  let folded = dy;
  for (const [axis, [before, after]] of paddings.entries()) {
    if (before === 0 && after === 0) continue;
    const { shape } = folded;
    const inner = sizeOf(shape.slice(axis + 1));
    const lines = alias(folded, [sizeOf(shape.slice(0, axis)), shape[axis]!, inner]);
    const size = shape[axis]! - before - after;
    folded = alias(fold(lines, before, size, edge), [...shape.slice(0, axis), size, ...shape.slice(axis + 1)]);
  }
  return folded === dy ? alias(dy) : folded;
}

/** [outer, before + size + after, inner] to [outer, size, inner]; `edge` is 1 where reflections leave out the element at the edge. */
function fold(lines: tf.Tensor, before: number, size: number, edge: number): tf.Tensor {
  const [outer, length, inner] = lines.shape as [number, number, number];
  const after = length - before - size;
  const part = (start: number, count: number): tf.Tensor => tf.slice(lines, [0, start, 0], [outer, count, inner]);
  /** A reflection turned round and put at its place. */
  const shown = (reflection: tf.Tensor, place: number): tf.Tensor =>
    tf.pad(tf.reverse(reflection, 1), [
      [0, 0],
      [place, size - place - reflection.shape[1]!],
      [0, 0],
    ]);
  const sums = [part(before, size)];
  if (before > 0) sums.push(shown(part(0, before), edge));
  if (after > 0) sums.push(shown(part(before + size, after), size - edge - after));
  return tf.addN(sums);
}
