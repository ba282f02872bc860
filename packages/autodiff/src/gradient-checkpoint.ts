import { describeShape, GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from './internal/alias.js';
import { nestedGradients, recordApart } from './internal/nested-tape.js';
import { runOperation, type Thunks } from './internal/run-operation.js';

/**
 * A function with the same result and gradients that keeps nothing for its backward pass but its inputs: it runs once more there.
 *
 * That trades time, one more forward pass of `f`, for memory, all that lies between its inputs and its result (Chen et al., "Training deep nets with
 * sublinear memory cost", 2016). `f` may read variables, which are differentiated by like inputs, and other checkpoints; only wanted gradients are
 * computed. It has to do the same when it runs again: nothing outside may change, and random numbers come from a key and a counter, as those of
 * `keyedDropout`. Other tensors that it reads have to be inputs, or outlive the step. Without gradients it is `f` itself.
 *
 * Throws `GS_AUTODIFF_CHECKPOINT` where `f` reads a tensor computed in the same step that is not among its inputs.
 */
export function gradientCheckpoint<Inputs extends tf.Tensor[]>(
  f: (...inputs: Inputs) => tf.Tensor,
): (...inputs: Inputs) => tf.Tensor {
  return (...inputs) => (tf.engine().isTapeOn() ? tf.tidy(() => checkpoint(f, inputs)) : f(...inputs));
}

function checkpoint<Inputs extends tf.Tensor[]>(f: (...inputs: Inputs) => tf.Tensor, inputs: Inputs): tf.Tensor {
  const { value, outside } = recordApart(() => f(...inputs));
  const variables = outside.filter((tensor) => tensor instanceof tf.Variable && !inputs.includes(tensor));
  const constants = outside.filter((tensor) => !inputs.includes(tensor) && !variables.includes(tensor));
  const tape = tf.engine().state.activeTape;
  for (const constant of constants) {
    if (tape.some(({ outputs }) => outputs.includes(constant))) throw notAnInput(constant);
  }
  let run: Rerun | undefined;
  const sources = [...inputs, ...variables];
  /*
   * Each source passes a gate of its own. The engine asks the checkpoint for the gradients of all wanted gates first and of the gates themselves later:
   * by then it is known which are wanted, and one more run gives them all. What the checkpoint answers is never read.
   */
  const gates = sources.map((source, index) =>
    runOperation({
      inputs: { x: source },
      forward: () => alias(source),
      backward: () => ({ x: () => run!.take(index) }),
    }),
  );
  return runOperation({
    inputs: Object.fromEntries(gates.entries()),
    forward: (save) => {
      save(inputs);
      return value;
    },
    backward: (dy, saved) => {
      const wanted = new Set<number>();
      const again = [...saved, ...variables];
      const gone = constants.find(({ isDisposed }) => isDisposed);
      if (gone !== undefined) throw notAnInput(gone);
      // `dy` may be gone by the time that the gates ask.
      run = new Rerun(() => f(...(saved as Inputs)), again, wanted, tf.keep(alias(dy)));
      return Object.fromEntries(
        sources.map((source, index) => [
          index,
          () => {
            wanted.add(index);
            return standIn(dy, source.shape);
          },
        ]),
      ) satisfies Thunks;
    },
  });
}

/** The second run of a function, once all wanted gradients are known. */
class Rerun {
  private gradients: Map<number, tf.Tensor> | undefined;

  constructor(
    private readonly f: () => tf.Tensor,
    private readonly sources: readonly tf.Tensor[],
    private readonly wanted: ReadonlySet<number>,
    private readonly dy: tf.Tensor,
  ) {}

  /** The gradient by one source. All are computed with the first one, and kept until they are taken. */
  take(index: number): tf.Tensor {
    this.gradients ??= this.compute();
    const gradient = this.gradients.get(index)!;
    const taken = alias(gradient);
    gradient.dispose();
    return taken;
  }

  private compute(): Map<number, tf.Tensor> {
    const places = [...this.wanted];
    const xs = places.map((place) => this.sources[place]!);
    const found = nestedGradients(this.f, xs, this.dy);
    this.dy.dispose();
    return new Map(found.map((gradient, i) => [places[i]!, tf.keep(gradient ?? tf.zeros(xs[i]!.shape))]));
  }
}

/** A tensor of a shape without memory of its own, for a gradient that nobody reads. */
function standIn(data: tf.Tensor, shape: number[]): tf.Tensor {
  const { dataId } = data;
  tf.backend().incRef(dataId);
  return tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype: 'float32' });
}

function notAnInput({ shape }: tf.Tensor): GradstreamError {
  return new GradstreamError('GS_AUTODIFF_CHECKPOINT', {
    where: 'autodiff/gradientCheckpoint',
    what: 'The function reads a tensor that will be gone when it runs again',
    expected: 'inputs, variables and tensors that outlive the step',
    received: `a tensor ${describeShape(shape)} that was made in the same step`,
    next: 'Pass it as one more input.',
  });
}
