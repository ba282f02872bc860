import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { adam, disposeState, sgd, stateFrom, stateTensors, type OptimizerState } from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('stateTensors and stateFrom', () => {
  it('name the tensors by path', () => {
    tf.tidy(() => {
      const state = adam({ amsgrad: true }).init({ 'dense/kernel': tf.ones([2, 3]) });
      expect(Object.keys(stateTensors(state))).toEqual([
        '0.mWeight',
        '0.vWeight',
        '0.m.dense/kernel',
        '0.v.dense/kernel',
        '0.vMax.dense/kernel',
        '1.learningRate',
      ]);
      expect(stateTensors(state)['0.m.dense/kernel']!.shape).toEqual([2, 3]);
      expect(stateFrom(stateTensors(state))).toEqual(state);
    });
  });

  it('go on exactly where a run stopped, parts without state included', () => {
    const run = (interrupted: boolean): number[] =>
      tf.tidy(() => {
        const optimizer = adam({ clipNorm: 1, weightDecay: 0.1 });
        const params = { 'a.b/kernel': tf.tensor1d([1, -2, 3]) };
        let state: OptimizerState = optimizer.init(params);
        let update: number[] = [];
        for (let step = 0; step < 4; step++) {
          const result = optimizer.update({ 'a.b/kernel': tf.tensor1d([step, 1, -step]) }, state, params);
          update = Array.from(result.updates['a.b/kernel']!.dataSync());
          state = interrupted ? stateFrom(stateTensors(result.state)) : result.state;
        }
        return update;
      });
    expect(run(true)).toEqual(run(false));
  });

  it("are each other's inverse for any keys", () => {
    const leaf = tf.scalar(1);
    const key = fc.string({ minLength: 1, unit: fc.constantFrom('a', '.', '\\', '/', '1', '_') });
    const { tree } = fc.letrec<{ tree: OptimizerState; node: OptimizerState }>((tie) => ({
      tree: fc.oneof({ maxDepth: 4 }, fc.constant(leaf), tie('node')),
      node: fc.dictionary(key, tie('tree'), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }) as fc.Arbitrary<OptimizerState>,
    }));
    fc.assert(
      fc.property(tree, (state) => {
        expect(stateFrom(stateTensors(state))).toEqual(withoutEmpty(state));
      }),
    );
    leaf.dispose();
  });

  it('take hostile names for names', () => {
    const tensor = tf.scalar(1);
    const state = stateFrom(Object.fromEntries([['__proto__.polluted', tensor]]));
    expect(Object.keys(state)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(stateTensors(state)).toEqual(Object.fromEntries([['__proto__.polluted', tensor]]));
    tensor.dispose();
  });

  it('know a state of one tensor, and of none', () => {
    const tensor = tf.scalar(1);
    expect(stateFrom(stateTensors(tensor))).toBe(tensor);
    expect(stateFrom(stateTensors({}))).toEqual({});
    tensor.dispose();
  });

  it('refuse what is no state', () => {
    tf.tidy(() => {
      const a = tf.scalar(1);
      for (const record of [{ a, 'a.b': a }, { 'a.b': a, a }, { a: 1 as never }, { '': a, a }] as Record<
        string,
        tf.Tensor
      >[]) {
        expect(() => stateFrom(record)).toThrow(expect.objectContaining({ code: 'GS_OPTIMIZER_STATE' }));
      }
    });
  });
});

it('makes no tensors that nobody owns', () => {
  const before = tf.memory().numTensors;
  const optimizer = sgd({ momentum: 0.9, globalClipNorm: 1, weightDecay: 0.1 });
  const params = { w: tf.ones([3]) };
  const gradients = { w: tf.tensor1d([1, 2, 3]) };
  let state = optimizer.init(params);
  const counts: number[] = [];
  for (let step = 0; step < 5; step++) {
    const old = state;
    state = tf.tidy(() => optimizer.update(gradients, old, params).state);
    disposeState(old, state);
    counts.push(tf.memory().numTensors);
  }
  expect(new Set(counts).size).toBe(1);
  disposeState(state);
  tf.dispose([...Object.values(params), ...Object.values(gradients)]);
  expect(tf.memory().numTensors).toBe(before);
});

/** Nodes without any tensor leave no trace. */
function withoutEmpty(state: OptimizerState): OptimizerState {
  if (state instanceof tf.Tensor) return state;
  const entries = Object.entries(state).map(([key, entry]) => [key, withoutEmpty(entry)] as const);
  return Object.fromEntries(entries.filter(([, entry]) => entry instanceof tf.Tensor || Object.keys(entry).length > 0));
}
