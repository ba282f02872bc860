import '@tensorflow/tfjs-backend-cpu';
import { StepCounter, registerGradients } from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import { checkLayer, expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { apply, applyAll } from '../apply.js';
import { dense } from '../core/dense.js';
import { input } from '../core/input.js';
import { model } from '../functional-model.js';
import { layerFromConfig } from '../layer-from-config.js';
import type { CallContext, Layer } from '../layer.js';
import { modelFromConfig } from '../model-from-config.js';
import { sequential } from '../sequential.js';
import * as recurrent from './index.js';

const { bidirectional, convLstm1d, convLstm2d, gru, gruCell, lstm, lstmCell, rnn, simpleRnn, simpleRnnCell } =
  recurrent;
const { stackedRnnCells, timeDistributed } = recurrent;

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const context: CallContext = { training: true, key: randomKey(0), step: new StepCounter(0) };
const drawn = (shape: readonly number[], seed = 1): tf.Tensor =>
  tf.tensor(
    uniformValues(
      randomKey(seed),
      0,
      shape.reduce((a, b) => a * b, 1),
      -1,
      1,
    ),
    [...shape],
  );
const mask = (): tf.Tensor =>
  tf.tensor2d(
    [
      [true, true, false],
      [false, true, true],
    ],
    undefined,
    'bool',
  );

const dropping = { dropout: 0.3, recurrentDropout: 0.3 };
const checked: readonly (readonly [string, Layer, readonly (readonly number[])[]])[] = [
  ['simpleRnn', simpleRnn(3, { returnSequences: true }), [[2, 3, 2]]],
  ['simpleRnn that drops', simpleRnn(3, dropping), [[2, 3, 2]]],
  ['lstm', lstm(3), [[2, 3, 2]]],
  [
    'lstm with states',
    lstm(2, { returnState: true, returnSequences: true }),
    [
      [2, 3, 2],
      [2, 2],
      [2, 2],
    ],
  ],
  ['lstm that drops inputs', lstm(2, { dropout: 0.4 }), [[2, 3, 2]]],
  ['lstm that drops both', lstm(2, { ...dropping, goBackwards: true }), [[2, 3, 2]]],
  ['gru', gru(3), [[2, 3, 2]]],
  [
    'gru with a state',
    gru(2, { returnState: true, useBias: false }),
    [
      [2, 3, 2],
      [2, 2],
    ],
  ],
  ['gru that drops both', gru(2, dropping), [[2, 3, 2]]],
  ['gru, reset before', gru(2, { resetAfter: false, ...dropping }), [[2, 3, 2]]],
  ['gru of other activations', gru(2, { activation: 'softsign', recurrentActivation: 'tanh' }), [[2, 3, 2]]],
  [
    'lstmCell',
    lstmCell(2),
    [
      [2, 3],
      [2, 2],
      [2, 2],
    ],
  ],
  [
    'gruCell',
    gruCell(2),
    [
      [2, 3],
      [2, 2],
    ],
  ],
  [
    'simpleRnnCell',
    simpleRnnCell(2),
    [
      [2, 3],
      [2, 2],
    ],
  ],
  ['rnn of a stack', rnn([lstmCell(2), gruCell(3)], { returnState: true }), [[2, 3, 2]]],
  [
    'a stack',
    stackedRnnCells([gruCell(2), gruCell(2)]),
    [
      [2, 3],
      [2, 2],
      [2, 2],
    ],
  ],
  ['bidirectional', bidirectional(lstm(2, { returnSequences: true })), [[2, 3, 2]]],
  ['bidirectional, apart', bidirectional(gru(2, { returnState: true }), { mergeMode: null }), [[2, 3, 2]]],
  ['timeDistributed', timeDistributed(dense(3)), [[2, 3, 2]]],
  ['timeDistributed lstm', timeDistributed(lstm(2)), [[2, 2, 3, 2]]],
  ['convLstm1d', convLstm1d(2, 2, { ...dropping, returnSequences: true }), [[2, 2, 3, 2]]],
  ['convLstm2d', convLstm2d(1, [1, 2], { padding: 'same' }), [[1, 2, 2, 3, 1]]],
];

describe('a recurrent layer', () => {
  it.each(checked)('keeps what it says: %s', (_, layer, shapes) => {
    checkLayer(layer, {
      inputs: shapes.map((shape, index) => drawn(shape, 3 + index)),
      weight: (shape) => drawn(shape, 2),
      context,
      restore: layerFromConfig,
    });
  });

  it('has gradients through masks and states', () => {
    for (const layer of [lstm(2, { returnSequences: true }), gru(2, { zeroOutputForMask: true }), simpleRnn(2)]) {
      checkLayer(layer, {
        inputs: [drawn([2, 3, 2]), ...Array.from({ length: layer.stateCount }, (_, index) => drawn([2, 2], 5 + index))],
        weight: (shape) => drawn(shape, 2),
        context: { ...context, masks: [mask()] },
      });
    }
  });

  it('starts the forget gate at 1, and draws the rest as told', () => {
    const biasOf = (layer: Layer): number[] =>
      tf.tidy(() => {
        const spec = layer.build([[null, 3, 2]], 'lstm').weights.find(({ name }) => name === 'bias')!;
        return [...spec.initializer(spec.shape, randomKey(1)).dataSync()];
      });
    expect(biasOf(lstm(2))).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(biasOf(lstm(2, { unitForgetBias: false }))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(biasOf(lstm(1, { biasInitializer: 'ones' }))).toEqual([1, 1, 1, 1]);
  });

  it('drops the same elements in all steps of a sequence, others in the next step of training', () => {
    tf.tidy(() => {
      const steps = 5;
      const layer = rnn(simpleRnnCell(400, { dropout: 0.25, activation: 'linear', useBias: false }), {
        returnSequences: true,
      });
      const weights = {
        'simple_rnn_cell/kernel': tf.eye(400),
        'simple_rnn_cell/recurrent_kernel': tf.zeros([400, 400]),
      };
      const names = layer.build([[1, steps, 400]], 'rnn').weights.map(({ name }) => name);
      const own = Object.fromEntries(names.map((name, index) => [name, Object.values(weights)[index]!]));
      const at = (step: number): number[][] => {
        const counter = new StepCounter(step);
        const y = layer.call(own, [tf.ones([1, steps, 400])], { ...context, step: counter }) as tf.Tensor3D;
        counter.dispose();
        return y.arraySync()[0]!;
      };
      const [first, ...others] = at(1);
      for (const other of others) expect(other).toEqual(first);
      expect(at(2)[0]).not.toEqual(first);
      const kept = first!.filter((value) => value !== 0);
      expect(kept.every((value) => Math.abs(value - 1 / 0.75) < 1e-6)).toBe(true);
      // 400 draws at 3/4: four deviations.
      expect(Math.abs(kept.length - 300)).toBeLessThan(4 * Math.sqrt(400 * 0.75 * 0.25));
    });
  });

  it('drops the same in one operation as step by step', () => {
    tf.tidy(() => {
      const [x, options] = [drawn([2, 4, 3]), { dropout: 0.5, returnSequences: true }];
      for (const [layer, cell] of [
        [lstm(3, options), lstmCell(3, { dropout: 0.5 })],
        [gru(3, options), gruCell(3, { dropout: 0.5 })],
      ] as const) {
        const weights = Object.fromEntries(
          layer.build([x.shape], 'a').weights.map(({ name, shape }, index) => [name, drawn(shape, 10 + index)]),
        );
        const fused = layer.call(weights, [x], context) as tf.Tensor;
        let states = cell.stateShapes([2, 3]).map((shape) => tf.zeros([2, ...(shape as number[])]));
        const outputs = tf.unstack(x, 1).map((step) => {
          const [y, ...next] = cell.call(weights, [step, ...states], context) as tf.Tensor[];
          states = next;
          return y!;
        });
        expectAllClose(fused, tf.stack(outputs, 1), { absolute: 1e-5, relative: 1e-5 });
      }
    });
  });

  it('goes on from batch to batch where it is stateful, until its states are reset', () => {
    const x = input({ shape: [2, 3], batchSize: 4 });
    const layer = (): Layer => bidirectional(lstm(2, { stateful: true }), { name: 'both' });
    const net = model({
      inputs: x,
      outputs: x.pipe(gru(3, { stateful: true, returnSequences: true }), layer()),
      seed: 1,
    });
    expect(net.weights.filter(({ path }) => path.includes('state')).map(({ path, shape }) => [path, shape])).toEqual([
      ['gru/state0', [4, 3]],
      ['both/forward_lstm/state0', [4, 2]],
      ['both/forward_lstm/state1', [4, 2]],
      ['both/backward_lstm/state0', [4, 2]],
      ['both/backward_lstm/state1', [4, 2]],
    ]);
    const batch = drawn([4, 2, 3]);
    const before = tf.memory().numTensors;
    const [first, second] = [net.apply(batch).dataSync(), net.apply(batch).dataSync()];
    expect(second).not.toEqual(first);
    net.resetStates();
    expect(net.apply(batch).dataSync()).toEqual(first);
    expect(tf.memory().numTensors).toBeLessThan(before + 20);
    expect(() => sequential([lstm(2, { stateful: true, inputShape: [3, 2] })])).toThrow(
      /GS_LAYER_SHAPE .*input\(\{ shape, batchSize: 32 \}\)/s,
    );
  });

  it('takes initial states as further inputs and gives the last ones as further outputs', () => {
    const x = input({ shape: [3, 2] });
    const [y, h, c] = applyAll(lstm(4, { returnState: true, returnSequences: true }), x);
    const decoded = apply(lstm(4), [y!, h!, c!]);
    const net = model({ inputs: x, outputs: [decoded, h!], seed: 1 });
    const [out, state] = net.applyAll(drawn([2, 3, 2]));
    expect([out!.shape, state!.shape]).toEqual([
      [2, 4],
      [2, 4],
    ]);
    const again = modelFromConfig(JSON.parse(JSON.stringify(net.toConfig())));
    expect(again.toConfig()).toEqual(net.toConfig());
    expect(net.weights.map(({ path }) => path)).toEqual(
      ['lstm', 'lstm_1'].flatMap((name) => ['kernel', 'recurrent_kernel', 'bias'].map((weight) => `${name}/${weight}`)),
    );
  });

  it('hands its mask on where it returns sequences', () => {
    const computed = (layer: Layer): unknown => layer.computeMask!([], [mask()]);
    const given = expect.objectContaining({ dtype: 'bool' });
    expect(computed(lstm(2))).toBeUndefined();
    expect(computed(lstm(2, { returnSequences: true }))).toEqual(given);
    expect(computed(gru(2, { returnSequences: true, returnState: true }))).toEqual([given, undefined]);
    expect(computed(bidirectional(gru(2, { returnSequences: true }), { mergeMode: null }))).toEqual([given, given]);
    expect(computed(timeDistributed(dense(2)))).toEqual(given);
  });

  it('brings the parts of the layers inside along: frozen weights, penalties', () => {
    const side = lstm(2, { trainable: false, activityRegularizer: 'l2' });
    const layer = bidirectional(side);
    const { weights } = layer.build([[2, 3, 2]], 'both');
    expect(weights.every(({ trainable }) => trainable === false)).toBe(true);
    const losses: tf.Scalar[] = [];
    tf.tidy(() => {
      const own = Object.fromEntries(weights.map(({ name, shape }) => [name, drawn(shape)]));
      layer.call(own, [drawn([2, 3, 2])], { ...context, addLoss: (loss) => void losses.push(loss) });
      timeDistributed(dense(2, { activityRegularizer: 'l2' })).call(
        { 'dense/kernel': tf.ones([2, 2]), 'dense/bias': tf.zeros([2]) },
        [tf.ones([4, 3, 2])],
        { ...context, addLoss: (loss) => void losses.push(loss) },
      );
      expect(losses).toHaveLength(3);
      // 0.01 times 24 numbers of 2 squared, by 4 examples.
      expect(losses[2]!.dataSync()[0]).toBeCloseTo((0.01 * 24 * 4) / 4, 5);
    });
  });

  it('gives each step of a layer with statistics its own turn', () => {
    const counting: Layer = {
      type: 'Counting',
      trainable: true,
      build: ([shape]) => ({
        outputShape: shape!,
        weights: [{ name: 'count', shape: [], initializer: () => tf.scalar(0), trainable: false }],
      }),
      call: ({ count }, [x], { update }) => {
        update?.('count', tf.add(count!, 1));
        return tf.add(tf.mul(x!, 0), count!);
      },
      toConfig: () => ({ type: 'Counting', config: {} }),
    };
    const net = sequential([timeDistributed(counting, { inputShape: [3, 2] })]);
    expect([...net.apply(tf.ones([1, 3, 2])).dataSync()]).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...net.apply(tf.ones([1, 3, 2])).dataSync()]).toEqual([3, 3, 4, 4, 5, 5]);
  });
});
