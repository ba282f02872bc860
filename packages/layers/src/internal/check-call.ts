import { GradstreamError } from '@gradstream/core';
import type { Layer, LayerDtype } from '../layer.js';

/** Throws `GS_LAYER_INPUTS` for a wrong number of inputs and `GS_LAYER_DTYPE` for fractions where whole numbers are needed. */
export function checkCall(name: string, layer: Layer, inputs: readonly { readonly dtype: LayerDtype }[]): void {
  const where = `layers/${layer.type} "${name}"`;
  const [least, most] = layer.inputCount ?? [1, 1];
  if (inputs.length < least || inputs.length > most) {
    const range =
      least === most ? String(least) : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
    throw new GradstreamError('GS_LAYER_INPUTS', {
      where,
      what: 'The layer is given a number of inputs that it cannot take',
      expected: `${range} input${range === '1' ? '' : 's'}`,
      received: String(inputs.length),
      next: 'Pass as many tensors, in the order that the layer documents.',
    });
  }
  if (layer.inputDtype !== 'int32') return;
  const wrong = inputs.findIndex(({ dtype }) => dtype !== 'int32');
  if (wrong < 0) return;
  throw new GradstreamError('GS_LAYER_DTYPE', {
    where,
    what: `Input ${wrong} is made of the wrong numbers`,
    expected: 'int32',
    received: inputs[wrong]!.dtype,
    next: "Give the input dtype: 'int32'.",
  });
}
