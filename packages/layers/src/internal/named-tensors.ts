import { describeValue, GradstreamError } from '@gradstream/core';
import { checkTensor, originOf } from './symbolic.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';

/** A symbolic tensor with the name that the user gave it, if any. */
export interface NamedTensor {
  readonly name: string | undefined;
  readonly tensor: SymbolicTensor;
}

/** Brings the three ways to give tensors to one. Throws `GS_MODEL_TENSOR` for anything else. */
export function namedTensors(where: string, option: 'inputs' | 'outputs', given: unknown): readonly NamedTensor[] {
  const place = `${where} ${option}`;
  if (typeof given !== 'object' || given === null) throw none(place, describeValue(given));
  if (originOf(given as SymbolicTensor) !== undefined) return [{ name: undefined, tensor: given as SymbolicTensor }];
  const named: readonly NamedTensor[] = Array.isArray(given)
    ? given.map((tensor: SymbolicTensor) => ({ name: undefined, tensor }))
    : Object.entries(given as Record<string, SymbolicTensor>).map(([name, tensor]) => ({ name, tensor }));
  if (named.length === 0) throw none(place, Array.isArray(given) ? 'an empty list' : 'nothing');
  for (const { tensor } of named) checkTensor(place, tensor);
  return named;
}

function none(where: string, received: string): GradstreamError {
  return new GradstreamError('GS_MODEL_TENSOR', {
    where,
    what: 'There is no tensor',
    expected: 'a symbolic tensor, a list or a record of them',
    received,
    next: 'Pass input(...) as inputs, and what layers made of it as outputs.',
  });
}
