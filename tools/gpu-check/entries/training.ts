import { registerGradients, StepCounter, valueAndGradients } from '@gradstream/autodiff';
import { captureStep, type CapturedStep } from '@gradstream/backend-cuda';
import { randomKey } from '@gradstream/core';
import { computeLoss, sparseCategoricalCrossentropy } from '@gradstream/objectives/losses';
import { adam, eachTensor, type OptimizerState } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import type { Task } from './models.js';

registerGradients();

/** Numbers that are the same each time. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

/** A task with its weights and one batch on the active backend. */
export class Training {
  readonly task: Task;
  readonly counter: StepCounter = new StepCounter(1);
  readonly #model;
  readonly #loss = sparseCategoricalCrossentropy({ fromLogits: true });
  readonly #optimizer = adam({ learningRate: 1e-3 });
  readonly #x: tf.Tensor;
  readonly #batch: Float32Array | Int32Array;
  readonly #y: tf.Tensor;
  #state: OptimizerState;

  constructor(task: Task) {
    this.task = task;
    this.#model = task.model();
    const size = (shape: readonly number[]): number => task.batch * shape.reduce((a, b) => a * b, 1);
    const raw = numbers(size(task.x), 7);
    const whole = (values: Float32Array, bound: number): Int32Array =>
      Int32Array.from(values, (value) => Math.floor(value * bound));
    this.#batch = task.whole === undefined ? raw : whole(raw, task.whole);
    this.#x = tf.keep(tf.tensor(this.#batch, [task.batch, ...task.x], task.whole === undefined ? 'float32' : 'int32'));
    this.#y = tf.keep(tf.tensor(whole(numbers(size(task.y), 9), task.classes), [task.batch, ...task.y], 'int32'));
    this.#state = tf.tidy(() => this.#kept(this.#optimizer.init(this.#weights())));
    void this.counter.tensor;
  }

  /** One step; gives the loss. */
  step = (): tf.Tensor => {
    const weights = this.#weights();
    return tf.tidy(() => {
      const updates: [string, tf.Tensor][] = [];
      const { value, gradients } = valueAndGradients(() => {
        const { outputs } = this.#model.run([this.#x], {
          training: true,
          key: randomKey(3),
          step: this.counter,
          weights: this.#model.tensors,
          update: (path, tensor) => void updates.push([path, tf.keep(tensor)]),
        });
        return computeLoss(this.#loss, this.#y, outputs[0]!) as tf.Scalar;
      }, weights);
      const old = this.#state;
      if (this.#optimizer.apply !== undefined) this.#state = this.#kept(this.#optimizer.apply(gradients, old, weights));
      for (const [path, tensor] of updates) {
        this.#model.tensors[path]!.assign(tensor);
        tensor.dispose();
      }
      if (old !== this.#state) this.#freeUnshared(old);
      return value;
    });
  };

  /** Everything that a step replaces. */
  state = (): tf.Tensor[] => {
    const all: tf.Tensor[] = this.#model.weights.map(({ variable }) => variable);
    eachTensor(this.#state, (tensor) => {
      all.push(tensor);
      return tensor;
    });
    return all;
  };

  capture(): CapturedStep<tf.Tensor> {
    return captureStep(this.step, { state: this.state });
  }

  /** Brings a batch from the host for the next run of a captured step, as a training does. */
  feed(step: CapturedStep<tf.Tensor>): void {
    step.write(this.#x, this.#batch);
  }

  #weights(): Record<string, tf.Variable> {
    return Object.fromEntries(
      this.#model.weights.filter(({ trainable }) => trainable).map(({ path, variable }) => [path, variable]),
    );
  }

  #kept(state: OptimizerState): OptimizerState {
    eachTensor(state, tf.keep);
    return state;
  }

  #freeUnshared(old: OptimizerState): void {
    const still = new Set<tf.Tensor>(this.state());
    eachTensor(old, (tensor) => {
      if (!still.has(tensor)) tensor.dispose();
      return tensor;
    });
  }
}
