import type { Kernel } from '../kernel.js';
import { input, isFloat } from './operands.js';

/**
 * Cross-entropy with the softmax of logits [n, classes]: two outputs, the losses [n] and their slope by the logits [n, classes].
 *
 * `GradstreamSoftmaxCrossEntropy`: `labels` are float32 [n, classes]. `GradstreamSparseSoftmaxCrossEntropy`: int32 [n], class numbers; one outside the
 * classes gives the loss 0 and the slope of the softmax alone. There a logit of -infinity in another class leaves the loss finite, where a product with
 * one-hot labels is NaN.
 */
export const crossEntropyKernels: readonly Kernel[] = [false, true].map((sparse) => ({
  name: sparse ? 'GradstreamSparseSoftmaxCrossEntropy' : 'GradstreamSoftmaxCrossEntropy',
  run: (call) => {
    const [labels, logits] = [input(call, 'labels'), input(call, 'logits')];
    if (!isFloat(logits) || logits.shape.length !== 2) return undefined;
    const [rows, classes] = logits.shape as [number, number];
    if (sparse ? labels?.dtype !== 'int32' || labels.shape.join() !== `${rows}` : !isFloat(labels, logits.shape))
      return undefined;
    const { backend } = call;
    const [losses, slope] = [backend.output([rows], 'float32'), backend.output(logits.shape, 'float32')];
    const at = [labels!, logits, losses, slope].map((x) => backend.address(x)) as [number, number, number, number];
    backend.runtime.wasm.crossEntropy(Number(sparse), ...at, rows, classes);
    return [losses, slope];
  },
}));
