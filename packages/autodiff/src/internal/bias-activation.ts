import { checkChoice, describeShape, describeValue, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { FUSED_ACTIVATIONS, type FusedActivation } from './activation-gradient.js';
import { runKernel } from './run-kernel.js';

/** What follows a convolution. */
export interface BiasActivation {
  /** One number a filter: [filters]. None by default. */
  readonly bias?: tf.Tensor | undefined;
  /** Applied to each element of the result. Default 'linear', which changes nothing. */
  readonly activation?: FusedActivation | undefined;
}

/** The activations that the fused kernels of every backend know. */
const IN_KERNELS: readonly string[] = ['linear', 'relu', 'relu6', 'sigmoid', 'elu'];

/** Throws unless the bias has one number a filter and the activation is known. */
export function checkBiasActivation(
  where: string,
  { bias, activation = 'linear' }: BiasActivation,
  filters: number,
): void {
  checkChoice(where, 'activation', activation, FUSED_ACTIVATIONS);
  if (bias === undefined || (bias instanceof tf.Tensor && bias.rank === 1 && bias.shape[0] === filters)) return;
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The bias does not fit the filters',
    expected: `[${filters}]`,
    received: bias instanceof tf.Tensor ? describeShape(bias.shape) : describeValue(bias),
    next: 'Give one number a filter, or none.',
  });
}

/** Runs a convolution's kernel, or the fused one where something follows it. The channels of the result are the filters of the bias. */
export function runWithBias(
  [kernel, fusedKernel]: readonly [string, string],
  inputs: { x: tf.Tensor; filter: tf.Tensor },
  attributes: object,
  { bias, activation = 'linear' }: BiasActivation,
): tf.Tensor {
  const fused = IN_KERNELS.includes(activation) ? activation : 'linear';
  const y =
    bias === undefined && fused === 'linear'
      ? runKernel(kernel, inputs, attributes)
      : runKernel(fusedKernel, bias === undefined ? inputs : { ...inputs, bias }, { ...attributes, activation: fused });
  return addBias(y, { activation: fused === activation ? 'linear' : activation });
}

/** The same after a kernel that nothing can be fused with. */
export function addBias(y: tf.Tensor, { bias, activation = 'linear' }: BiasActivation): tf.Tensor {
  const sum = bias === undefined ? y : tf.add(y, bias);
  return activation === 'linear' ? sum : tf[activation](sum);
}
