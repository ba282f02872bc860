import { engine, Reshape, type Tensor } from '@tensorflow/tfjs-core';
import { isWatched, openEngine } from './open-engine.js';
import { runKernel } from './run-kernel.js';

/**
 * A new tensor over the same data, of a shape with as many elements. By default the same shape.
 *
 * A gradient that equals `dy` needs one: the engine disposes the tensors that it adds up, so no two inputs may share one. `Reshape` shares data on
 * every backend, `Identity` copies on some; where nothing is recorded, not even that kernel is needed.
 */
export function alias(x: Tensor, shape: readonly number[] = x.shape): Tensor {
  const open = openEngine();
  if (!open.isTapeOn()) return sharing(x, shape);
  const { state } = open;
  // Second derivatives need the record that the engine makes.
  if (state.gradientDepth > 1 || isWatched(open)) return runKernel(Reshape, { x }, { shape });
  const from = x.shape;
  state.kernelDepth++;
  let y: Tensor;
  try {
    y = sharing(x, shape);
  } finally {
    state.kernelDepth--;
  }
  // The engine would save x, of which the way back needs no more than the shape.
  state.activeTape!.push({
    id: state.nextTapeNodeId++,
    kernelName: Reshape,
    inputs: { x },
    outputs: [y],
    saved: [],
    gradient: ([dy]) => ({ x: () => alias(dy!, from) }),
  });
  return y;
}

/** The same without a record of it, whatever the tape does. */
export function sharing(x: Tensor, shape: readonly number[] = x.shape): Tensor {
  const open = openEngine();
  const { backend } = open;
  // Data of another backend has to be moved first: a kernel does that.
  if (isWatched(open) || open.state.tensorInfo.get(x.dataId)?.backend !== backend)
    return runKernel(Reshape, { x }, { shape });
  const { dataId, dtype } = x;
  const shared = engine().makeTensorFromTensorInfo({ dataId, shape: [...shape], dtype }, backend);
  backend.incRef(dataId);
  return shared;
}
