import { describeValue, GradstreamError } from '@gradstream/core';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';
import { isLayer } from '../check-is-layer.js';

/** Throws `GS_MODEL_LAYERS` unless the value is a cell. */
export function checkIsCell(where: string, value: unknown): asserts value is RecurrentCell {
  if (isLayer(value) && typeof (value as RecurrentCell).stateShapes === 'function') return;
  throw new GradstreamError('GS_MODEL_LAYERS', {
    where,
    what: 'This is no recurrent cell',
    expected: 'a cell',
    received: isLayer(value) ? value.type : describeValue(value),
    next: 'Pass a cell, for example lstmCell(8), or a layer with stateCount and stateShapes.',
  });
}
