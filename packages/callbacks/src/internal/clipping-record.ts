import type { SetGradientClipping, Statistics } from '@gradstream/core';

/** What clipping limits. */
export type ClippingMeasure = NonNullable<SetGradientClipping['clipping']>['by'];

/** The gradients of one observed step, before and after clipping. */
export interface ClippingRecord {
  readonly before: Statistics['tensors'];
  readonly after: Statistics['tensors'];
}

/** The number that a limit is compared with: the largest value, the largest norm of a weight's gradient, or the norm of all. */
export function measureOf(by: ClippingMeasure, tensors: Statistics['tensors']): number {
  const all = Object.values(tensors);
  switch (by) {
    case 'value':
      return Math.max(...all.map(({ min, max }) => Math.max(Math.abs(min), Math.abs(max))));
    case 'norm':
      return Math.max(...all.map(({ norm }) => norm));
    case 'globalNorm':
      return Math.hypot(...all.map(({ norm }) => norm));
  }
}
