import type { Shape } from '@gradstream/core';
import { transpose, type Tensor } from '@tensorflow/tfjs-core';
import { resolveAxis } from './resolve-axis.js';
import { withGradient } from './with-gradient.js';

/** The shape with one of its axes moved to the end. Throws `GS_LOSS_SHAPE` where it has no such axis. */
export function shapeWithLast(where: string, axis: number, shape: Shape): Shape {
  const from = resolveAxis('GS_LOSS_SHAPE', where, axis, shape);
  return [...shape.slice(0, from), ...shape.slice(from + 1), shape[from]!];
}

/** A tensor with one of its axes moved to the end, differentiable. Throws `GS_LOSS_SHAPE` where it has no such axis. */
export function classesLast(where: string, axis: number, x: Tensor): Tensor {
  const from = resolveAxis('GS_LOSS_SHAPE', where, axis, x.shape);
  const last = x.rank - 1;
  if (from === last) return x;
  const axes = x.shape.map((_, index) => index);
  const there = [...axes.slice(0, from), ...axes.slice(from + 1), from];
  const back = axes.map((index) => there.indexOf(index));
  return withGradient(x, (input) => ({
    value: transpose(input, there),
    saved: [],
    gradient: (dy) => transpose(dy, back),
  }));
}
