import * as tf from '@tensorflow/tfjs-core';
import { contract } from '../contract.js';
import { reduceTo, spreadTo, type Labelled } from '../internal/labelled.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Sums of products by equation: the gradient of each operand is one of the gradient of the result and the other operand. */
export const einsumGradients: GradientTable = [
  kernelGradient(tf.Einsum, {
    allInputs: true,
    gradient: (dy, inputs, attributes) => {
      const [left, out] = (attributes['equation'] as string).replaceAll(/\s/g, '').split('->') as [string, string];
      const terms = left.split(',');
      const result: Labelled = { tensor: dy, labels: out };
      const gradientOf = (index: number): tf.Tensor => {
        const wanted = terms[index]!;
        const other = terms.length === 1 ? undefined : { tensor: inputs[1 - index]!, labels: terms[1 - index]! };
        // What the operand alone has was summed: its gradient is the same along it.
        const known = [...wanted].filter((label) => out.includes(label) || other?.labels.includes(label)).join('');
        const tensor = other === undefined ? reduceTo(result, known) : contract(result, other, known);
        return spreadTo({ tensor, labels: known }, wanted, inputs[index]!.shape);
      };
      return Object.fromEntries(terms.map((_, index) => [index, () => gradientOf(index)]));
    },
  }),
];
