import { kernelsIn } from '../../internal/modules.js';
import type { Kernel, KernelCall } from '../kernel.js';
import { threadsForRow } from '../softmax.js';
import { input, isFloat } from './operands.js';

const kernels = kernelsIn('softmax', {
  cross_entropy: 'ppppi',
  sparse_cross_entropy: 'ppppi',
  probability_cross_entropy: 'ppppiff',
  sparse_probability_cross_entropy: 'ppppiff',
});

/**
 * Cross-entropies of rows [n, classes]: two outputs, the losses [n] and their slope [n, classes]. Labels are float32 [n, classes], shares of classes, or, in the
 * sparse ones, int32 [n], class numbers.
 *
 * `GradstreamSoftmaxCrossEntropy`, `GradstreamSparseSoftmaxCrossEntropy`: with the softmax of `logits`; the slope is by them. A number outside the classes gives the
 * loss 0 and the slope of the softmax alone. `GradstreamProbabilityCrossEntropy`, `GradstreamSparseProbabilityCrossEntropy`: of `probabilities`, attribute `epsilon`.
 * Each row is divided by its sum, `q = p / sum(p)`, and clipped to [epsilon, 1 - epsilon]: the loss is `-sum(t log(clip(q)))`. With `r = t / clip(q)` where the clip
 * leaves q alone, 0 elsewhere, the slope is `(sum(r q) - r) / sum(p)`. A number outside the classes gives the loss 0 and the slope 0.
 */
export const crossEntropyKernels: readonly Kernel[] = [false, true].flatMap((sparse): Kernel[] => [
  {
    name: sparse ? 'GradstreamSparseSoftmaxCrossEntropy' : 'GradstreamSoftmaxCrossEntropy',
    run: (call) => losses(call, 'logits', sparse, sparse ? kernels.sparse_cross_entropy : kernels.cross_entropy, []),
  },
  {
    name: sparse ? 'GradstreamSparseProbabilityCrossEntropy' : 'GradstreamProbabilityCrossEntropy',
    run: (call) => {
      const epsilon = call.attrs['epsilon'];
      if (typeof epsilon !== 'number') return undefined;
      const kernel = sparse ? kernels.sparse_probability_cross_entropy : kernels.probability_cross_entropy;
      return losses(call, 'probabilities', sparse, kernel, [epsilon, 1 - epsilon]);
    },
  },
]);

function losses(
  call: KernelCall,
  name: string,
  sparse: boolean,
  kernel: (typeof kernels)[keyof typeof kernels],
  more: readonly number[],
): ReturnType<Kernel['run']> {
  const [labels, x] = [input(call, 'labels'), input(call, name)];
  if (!isFloat(x) || x.shape.length !== 2) return undefined;
  const [rows, classes] = x.shape as [number, number];
  if (sparse ? labels?.dtype !== 'int32' || labels.shape.join() !== `${rows}` : !isFloat(labels, x.shape))
    return undefined;
  const { backend } = call;
  const outputs = [backend.output([rows], 'float32'), backend.output(x.shape, 'float32')];
  const at = [labels!, x, ...outputs].map((tensor) => backend.address(tensor));
  if (rows > 0) backend.runtime.launch(kernel, [rows, 1, 1], threadsForRow(classes), [...at, classes, ...more]);
  return outputs;
}
