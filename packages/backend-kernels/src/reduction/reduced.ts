import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { OutputBackend } from '../kernel.js';
import { reductionSteps, type ReductionStep } from './reduction-steps.js';

/** Joins x[outer][n][inner] over n into y, divided by `divisor` where a mean is wanted: the number of elements in a result, at the last step, 1 before. */
export type RunReduction = (x: TensorInfo, y: TensorInfo, step: ReductionStep, divisor: number) => void;

/** x reduced over the axes of the attributes `axis` (or `reductionIndices`) and `keepDims`, in the type that it has. `run` is not called without results. */
export function reduced(backend: OutputBackend, x: TensorInfo, attrs: NamedAttrMap, run: RunReduction): TensorInfo {
  const axes = util.parseAxisParam((attrs['axis'] ?? attrs['reductionIndices']) as number[], x.shape);
  const [kept, gone] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = attrs['keepDims'] === true ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const steps = reductionSteps(x.shape, axes);
  if (steps.length === 0) return backend.share(x, shape);
  let from = x;
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    const to = backend.output(isLast ? shape : [step.outer * step.inner], x.dtype);
    if (step.outer * step.inner > 0) run(from, to, step, isLast ? util.sizeFromShape(gone) : 1);
    if (from !== x) backend.disposeIntermediateTensorInfo(from);
    from = to;
  }
  return from;
}
