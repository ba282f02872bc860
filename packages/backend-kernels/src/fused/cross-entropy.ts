import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, KernelCall, OutputBackend } from '../kernel.js';
import { input, isFloat } from './operands.js';

/** What a backend does itself for cross-entropies: it writes losses and slope of x [rows, classes], of logits where there is no `epsilon`, else of probabilities. */
export type WriteCrossEntropy<B> = (
  backend: B,
  isSparse: boolean,
  tensors: readonly [labels: TensorInfo, x: TensorInfo, losses: TensorInfo, slope: TensorInfo],
  rows: number,
  classes: number,
  epsilon: number | undefined,
) => void;

/**
 * Cross-entropies of rows [n, classes]: two outputs, the losses [n] and their slope [n, classes]. Labels are float32 [n, classes], shares of classes, or, in the
 * sparse ones, int32 [n], class numbers.
 *
 * `GradstreamSoftmaxCrossEntropy`, `GradstreamSparseSoftmaxCrossEntropy`: with the softmax of `logits`; the slope is by them. A number outside the classes gives the
 * loss 0 and the slope of the softmax alone. In the sparse one a logit of -infinity in another class leaves the loss finite, where a product with one-hot labels is
 * NaN. `GradstreamProbabilityCrossEntropy`, `GradstreamSparseProbabilityCrossEntropy`: of `probabilities`, attribute `epsilon`. Each row is divided by its sum,
 * `q = p / sum(p)`, and clipped to [epsilon, 1 - epsilon]: the loss is `-sum(t log(clip(q)))`. With `r = t / clip(q)` where the clip leaves q alone, 0 elsewhere, the
 * slope is `(sum(r q) - r) / sum(p)`. A number outside the classes gives the loss 0 and the slope 0.
 */
export function crossEntropyKernels<B extends OutputBackend>(write: WriteCrossEntropy<B>): readonly Kernel<B>[] {
  return [false, true].flatMap((isSparse): Kernel<B>[] => [
    {
      name: isSparse ? 'GradstreamSparseSoftmaxCrossEntropy' : 'GradstreamSoftmaxCrossEntropy',
      run: (call) => losses(write, call, 'logits', isSparse, undefined),
    },
    {
      name: isSparse ? 'GradstreamSparseProbabilityCrossEntropy' : 'GradstreamProbabilityCrossEntropy',
      run: (call) => {
        const epsilon = call.attrs['epsilon'];
        return typeof epsilon === 'number' ? losses(write, call, 'probabilities', isSparse, epsilon) : undefined;
      },
    },
  ]);
}

function losses<B extends OutputBackend>(
  write: WriteCrossEntropy<B>,
  call: KernelCall<B>,
  name: string,
  isSparse: boolean,
  epsilon: number | undefined,
): TensorInfo[] | undefined {
  const [labels, x] = [input(call, 'labels'), input(call, name)];
  if (!isFloat(x) || x.shape.length !== 2) return undefined;
  const [rows, classes] = x.shape as [number, number];
  if (isSparse ? labels?.dtype !== 'int32' || labels.shape.join() !== `${rows}` : !isFloat(labels, x.shape))
    return undefined;
  const { backend } = call;
  const outputs: [TensorInfo, TensorInfo] = [backend.output([rows], 'float32'), backend.output(x.shape, 'float32')];
  write(backend, isSparse, [labels!, x, ...outputs], rows, classes, epsilon);
  return outputs;
}
