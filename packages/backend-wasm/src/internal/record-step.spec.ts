import type { RecordedStep } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type WasmSimdBackend, wasmSimdBackend } from '../index.js';

let backend: WasmSimdBackend;
beforeAll(async () => {
  await wasmSimdBackend().start();
  backend = tf.backend() as WasmSimdBackend;
});

let x: tf.Tensor;
let weights: tf.Tensor;
const batch = (seed: number): Float32Array => Float32Array.from({ length: 30 }, (_, index) => Math.sin(index + seed));
beforeEach(() => {
  x = tf.tensor(batch(1), [5, 6]);
  weights = tf.tensor(batch(2).subarray(0, 24), [6, 4]);
});

/** Takes a bit of a product away from the weights: a new tensor in the place of the old one. */
function step(): void {
  const next = tf.tidy(() => {
    const y = tf.matMul(x, weights);
    return tf.keep(tf.sub(weights, tf.mul(tf.matMul(x, y, true), 0.01)));
  });
  weights.dispose();
  weights = next;
}

const recorded = (work: () => void = step, state = (): tf.Tensor[] => [weights]): RecordedStep<tf.Tensor> => {
  const answer = backend.recordStep(work, state);
  if ('reason' in answer) throw new Error(answer.reason);
  return answer;
};
const reasonOf = (work: () => void, state: () => tf.Tensor[] = () => []): string | undefined => {
  const answer = backend.recordStep(work, state);
  if ('reason' in answer) return answer.reason;
  answer.dispose();
  return undefined;
};

it('does a step once, and again as often as it is asked to, with the same bits', () => {
  for (let count = 0; count < 5; count++) {
    if (count === 3) x = tf.tensor(batch(9), [5, 6]);
    step();
  }
  const wanted = [...weights.dataSync()];
  tf.dispose([x, weights]);
  x = tf.tensor(batch(1), [5, 6]);
  weights = tf.tensor(batch(2).subarray(0, 24), [6, 4]);
  const replayed = recorded();
  for (let count = 1; count < 5; count++) {
    if (count === 3) replayed.write(x, batch(9));
    expect(replayed.settle([weights])).toBe(true);
    expect(replayed.replay()).toBe(true);
  }
  expect([...weights.dataSync()]).toEqual(wanted);
  replayed.dispose();
  expect([...weights.dataSync()]).toEqual(wanted);
});

it('goes on with a state that was put elsewhere, unless somebody else has its numbers', () => {
  const replayed = recorded();
  const other = tf.tensor(batch(5).subarray(0, 24), [6, 4]);
  weights.dispose();
  weights = other;
  const wanted = tf.tidy(() => {
    const y = tf.matMul(x, weights);
    return [...tf.sub(weights, tf.mul(tf.matMul(x, y, true), 0.01)).dataSync()];
  });
  expect(replayed.settle([weights])).toBe(true);
  replayed.replay();
  expect([...weights.dataSync()]).toEqual(wanted);
  const copy = weights.clone();
  expect(replayed.settle([weights])).toBe(false);
  copy.dispose();
  expect(replayed.settle([weights])).toBe(true);
  const held = weights;
  expect(replayed.settle([tf.tensor(batch(1).subarray(0, 24), [6, 4])])).toBe(false);
  expect([...held.dataSync()]).toEqual(wanted);
  replayed.dispose();
});

it('keeps what a step reads, given up or not', () => {
  let y: tf.Tensor | undefined;
  const factor = tf.tensor([1, 2, 3, 4]);
  const replayed = recorded(
    () => {
      y?.dispose();
      y = tf.tidy(() => tf.keep(tf.add(tf.mul(weights, factor), 1)));
    },
    () => [],
  );
  const wanted = [...y!.dataSync()];
  factor.dispose();
  // What comes now would lie where the factor did.
  const others = Array.from({ length: 20 }, (_, index) => tf.fill([4], index));
  expect(replayed.replay()).toBe(true);
  expect([...y!.dataSync()]).toEqual(wanted);
  replayed.dispose();
  tf.dispose(others);
});

it('writes over nothing that is made between two of its replays, whatever its kernels work in', () => {
  const [rows, units] = [5, 4];
  const y = tf.relu(tf.tensor(batch(3).subarray(0, rows * units), [rows, units]));
  const attributes = { activation: 'relu', wanted: ['x', 'kernel'] };
  const replayed = recorded(
    () =>
      tf.tidy(() => {
        const inputs = { dy: tf.mul(y, 2), x, kernel: weights, y };
        tf.engine().runKernel('GradstreamDenseGradient', inputs, attributes as never);
      }),
    () => [],
  );
  // Of the sizes of what it works in: they would be given the same memory if it were free.
  const others = Array.from({ length: 8 }, () => tf.square(y));
  const before = others.map((other) => [...other.dataSync()]);
  expect(replayed.replay()).toBe(true);
  expect(others.map((other) => [...other.dataSync()])).toEqual(before);
  replayed.dispose();
});

it('stays right when the memory grows, and gives its own back', () => {
  const { used } = backend.memory().heap;
  const replayed = recorded();
  const big = tf.zeros([8_000_000]);
  replayed.settle([weights]);
  replayed.replay();
  big.dispose();
  replayed.dispose();
  expect(backend.memory().heap.used).toBe(used);
});

it('ends a step that goes another way', () => {
  const indices = tf.tensor([0, 1, 2], [3], 'int32');
  let y: tf.Tensor | undefined;
  const replayed = recorded(
    () => {
      y?.dispose();
      y = tf.gather(weights, indices);
    },
    () => [],
  );
  replayed.write(indices, [5, 0, 1]);
  expect(replayed.replay()).toBe(true);
  replayed.write(indices, [0, 6, 1]);
  expect(replayed.replay()).toBe(false);
  replayed.dispose();
});

describe('says why a step cannot be recorded, and does it', () => {
  it.each<[string, () => void, RegExp]>([
    ['reads numbers', () => void x.dataSync(), /reads its numbers on the host/],
    [
      'has a kernel that there is not',
      () => void tf.bincount(tf.tensor1d([1, 2], 'int32'), tf.tensor1d([]), 3),
      /Bincount is tfjs-backend-cpu's/,
    ],
  ])('%s', (_, work, reason) => {
    let done = 0;
    expect(reasonOf(() => (done++, work()))).toMatch(reason);
    expect(done).toBe(1);
  });

  it('the state changes its size, its number, or stays beside the new one', () => {
    const grow = (): void => {
      const next = tf.concat([weights, weights]);
      weights.dispose();
      weights = next;
    };
    expect(reasonOf(grow, () => [weights])).toMatch(/size or the type/);
    const all = [weights];
    expect(
      reasonOf(
        () => void all.push(tf.scalar(1)),
        () => all,
      ),
    ).toMatch(/another number/);
    const before = weights;
    expect(
      reasonOf(
        () => void (weights = tf.neg(before)),
        () => [weights],
      ),
    ).toMatch(/beside the new one/);
    const copy = weights.clone();
    expect(
      reasonOf(
        () => {},
        () => [weights],
      ),
    ).toMatch(/somebody else has/);
    copy.dispose();
  });

  it('an error of the step is thrown, and nothing is left behind', () => {
    const { used } = backend.memory().heap;
    const failing = (): void => {
      tf.tidy(() => {
        tf.matMul(x, weights);
        throw new Error('planted');
      });
    };
    expect(() => backend.recordStep(failing, () => [weights])).toThrow('planted');
    expect(backend.memory().heap.used).toBe(used);
    step();
  });
});

it('gives way where tensors need its memory', async () => {
  tf.removeBackend('wasm-simd');
  await wasmSimdBackend({ memoryLimit: 2 ** 25 }).start();
  const limited = tf.backend() as WasmSimdBackend;
  const big = tf.ones([1_000_000]);
  let y: tf.Tensor | undefined;
  const answer = limited.recordStep(
    () => {
      y?.dispose();
      y = tf.tidy(() => tf.neg(tf.add(tf.neg(big), tf.abs(big))));
    },
    () => [],
  );
  if ('reason' in answer) throw new Error(answer.reason);
  expect([answer.settle([]), answer.replay()]).toEqual([true, true]);
  // 4 MB each: they fit beside `big` and `y`, and not beside what the recording works in.
  const more = Array.from({ length: 5 }, () => tf.neg(big));
  expect(answer.settle([])).toBe(false);
  expect(() => tf.neg(tf.concat(more))).toThrow(/GS_BACKEND_MEMORY/);
  answer.dispose();
  tf.dispose([...more, big, y!]);
});
