import type { Kernel } from '../kernel.js';
import { input, isFloat } from './operands.js';

/**
 * Cross-entropy of probabilities [n, classes]: two outputs, the losses [n] and their slope by the probabilities [n, classes]. Attribute `epsilon`.
 *
 * Each row is divided by its sum, `q = p / sum(p)`, and clipped to [epsilon, 1 - epsilon]: the loss is `-sum(t log(clip(q)))`. With `r = t / clip(q)` where the
 * clip leaves q alone, 0 elsewhere, the slope is `(sum(r q) - r) / sum(p)`. `GradstreamProbabilityCrossEntropy`: `labels` t are float32 [n, classes].
 * `GradstreamSparseProbabilityCrossEntropy`: int32 [n], class numbers; one outside the classes gives the loss 0 and the slope 0.
 */
export const probabilityCrossEntropyKernels: readonly Kernel[] = [false, true].map((sparse) => ({
  name: sparse ? 'GradstreamSparseProbabilityCrossEntropy' : 'GradstreamProbabilityCrossEntropy',
  run: (call) => {
    const [labels, probabilities] = [input(call, 'labels'), input(call, 'probabilities')];
    const epsilon = call.attrs['epsilon'];
    if (!isFloat(probabilities) || probabilities.shape.length !== 2 || typeof epsilon !== 'number') return undefined;
    const [rows, classes] = probabilities.shape as [number, number];
    if (sparse ? labels?.dtype !== 'int32' || labels.shape.join() !== `${rows}` : !isFloat(labels, probabilities.shape))
      return undefined;
    const { backend } = call;
    const [losses, slope] = [backend.output([rows], 'float32'), backend.output(probabilities.shape, 'float32')];
    const at = [labels!, probabilities, losses, slope].map((x) => backend.address(x)) as [
      number,
      number,
      number,
      number,
    ];
    backend.runtime.wasm.probabilityCrossEntropy(Number(sparse), ...at, rows, classes, epsilon, 1 - epsilon);
    return [losses, slope];
  },
}));
