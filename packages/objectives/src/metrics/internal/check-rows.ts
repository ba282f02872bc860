import { GradstreamError } from '@gradstream/core';
import { shapeError } from '../../internal/align-targets.js';

/** Throws `GS_METRIC_SHAPE` unless targets and output are both [batch, width]. */
export function checkRows(where: string, targets: readonly number[], output: readonly number[]): void {
  if (output.length !== 2) {
    throw new GradstreamError('GS_METRIC_SHAPE', {
      where,
      what: 'The metric takes rows of outputs',
      expected: '[batch, width]',
      received: `[${output.join(', ')}]`,
      next: 'Reshape the output, or choose another metric.',
    });
  }
  if (targets.length !== 2 || targets.some((size, axis) => size !== output[axis]))
    throw shapeError('GS_METRIC_SHAPE', where, targets, output);
}
