import { describeValue, GradstreamError } from '@gradstream/core';
import type { DataClass, DataType } from '@gradstream/formats/messages';
import type { SummaryValue } from './summary-value.js';

// The numbers of two enumerations: naming their values would load all messages with whoever imports this.
const SCALAR: DataClass.SCALAR = 1;
const FLOAT: DataType.DT_FLOAT = 1;

/**
 * A number under a tag, as TensorBoard's scalar dashboard shows it: one point of a curve. It is stored as float32. NaN and infinities are kept.
 *
 * A `/` in a tag makes a group in the dashboard. Throws `GS_SUMMARY_TAG` for an empty tag and `GS_SUMMARY_VALUE` for what is no number.
 */
export function scalarSummary(tag: string, value: number): SummaryValue {
  const where = 'tensorboard/scalarSummary';
  if (typeof tag !== 'string' || tag === '') {
    const next = 'Name the curve, for example "epoch_loss".';
    throw new GradstreamError('GS_SUMMARY_TAG', {
      where,
      what: 'The tag cannot be used',
      expected: 'a string that is not empty',
      received: describeValue(tag),
      next,
    });
  }
  if (typeof value !== 'number') {
    const what = `The value of "${tag}" is no number`;
    throw new GradstreamError('GS_SUMMARY_VALUE', {
      where,
      what,
      expected: 'a number',
      received: describeValue(value),
      next: 'Read a tensor first: (await tensor.data())[0].',
    });
  }
  return {
    tag,
    metadata: { pluginData: { pluginName: 'scalars' }, dataClass: SCALAR },
    value: { case: 'tensor', value: { dtype: FLOAT, tensorShape: {}, floatVal: [value] } },
  };
}
