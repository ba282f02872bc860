import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accumulateGradients,
  adadelta,
  adafactor,
  adagrad,
  adam,
  adamW,
  adamax,
  byPattern,
  disposeState,
  ftrl,
  lamb,
  learningRateOf,
  lion,
  lookahead,
  lossScale,
  muon,
  nadam,
  optimizer,
  rmsprop,
  scheduleFreeAdamW,
  sgd,
  stateFrom,
  stateTensors,
  type GradientTransformation,
  type OptimizerState,
  type Tensors,
} from './index.js';
import { cosineDecay, warmUp } from './schedules/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const shapes: Readonly<Record<string, number[]>> = {
  'dense.1/kernel': [3, 2],
  'dense.1/bias': [2],
  'embedding/embeddings': [4, 2],
  'conv/kernel': [2, 2, 3],
};

const tensors = (seed: number): Tensors =>
  Object.fromEntries(
    Object.entries(shapes).map(([path, shape], index) => [
      path,
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(seed * 31 + index * 7 + i)),
        shape,
      ),
    ]),
  );

const learningRate = warmUp(cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }), 3, 0.01);
const ema = { useEma: true, emaMomentum: 0.7, emaOverwriteFrequency: 2 };

const all: readonly (readonly [string, () => GradientTransformation])[] = [
  ['sgd', () => sgd({ momentum: 0.9, nesterov: true, ...ema })],
  ['rmsprop', () => rmsprop({ centered: true, momentum: 0.9, learningRate })],
  ['adam', () => adam({ amsgrad: true, gradientAccumulationSteps: 4, clipNorm: 1, lossScaleFactor: 8 })],
  [
    'adamW',
    () => adamW({ learningRate, gradientAccumulationSteps: 2, ...ema, excludeFromWeightDecay: ['bias', /^conv/i] }),
  ],
  ['nadam', () => nadam({ weightDecay: 0.1 })],
  ['adamax', () => adamax({ clipValue: 0.5 })],
  ['adagrad', () => adagrad({ initialAccumulatorValue: 0 })],
  ['adadelta', () => adadelta({ learningRate: 1 })],
  ['ftrl', () => ftrl({ weightDecay: 0.1, l1RegularizationStrength: 0.1 })],
  ['lion', () => lion({ globalClipNorm: 1 })],
  ['lamb', () => lamb({ weightDecay: 0.1, learningRate, gradientAccumulationSteps: 2, lossScaleFactor: 2 })],
  ['adafactor', () => adafactor({ weightDecay: 0.1, learningRate })],
  ['muon', () => muon({ excludeLayers: ['conv', /dense\.2/], rmsRate: null, adamLrRatio: 0.5 })],
  ['muon for Adam alone', () => muon({ excludeLayers: ['.', '/'], adamWeightDecay: 0, weightDecay: 0 })],
  ['scheduleFreeAdamW', () => scheduleFreeAdamW({ warmupSteps: 3, weightDecay: 0.1 })],
  ['lookahead', () => lookahead(adam(), { steps: 2 })],
  ['lossScale', () => lossScale(lookahead(adam({ lossScaleFactor: 2 })), { dynamicGrowthSteps: 2 })],
  ['accumulated', () => accumulateGradients(4, lossScale(adam()))],
  [
    'byPattern',
    () =>
      byPattern(
        [
          { match: /dense.*/, learningRate: 0.2 },
          { match: 'conv', optimizer: 'lion' },
          { match: 'embedding/embeddings', weightDecay: 0.3 },
        ],
        adam(),
      ),
  ],
  ['byPattern, frozen', () => byPattern([{ match: /(?!dense).*/, freeze: true }], { type: 'SGD', config: {} })],
];

/** All numbers of some steps, and the state after them. */
function stepsOf(
  one: GradientTransformation,
  state: OptimizerState,
  from: number,
  to: number,
): [OptimizerState, number[]] {
  const params = tensors(1);
  const numbers: number[] = [];
  for (let step = from; step < to; step++) {
    const result = one.update(tensors(step + 2), state, params);
    state = result.state;
    numbers.push(...Object.values(result.updates).flatMap((update) => Array.from(update.dataSync())));
  }
  return [state, numbers];
}

const valuesOf = (state: OptimizerState): Record<string, number[]> =>
  Object.fromEntries(Object.entries(stateTensors(state)).map(([path, one]) => [path, Array.from(one.dataSync())]));

describe.each(all)('%s', (_, make) => {
  it('goes on in a new optimizer from a saved state as if nothing had been', () => {
    tf.tidy(() => {
      const through = make();
      const [expectedState, expected] = stepsOf(through, through.init(tensors(1)), 0, 6);
      const first = make();
      const [half, before] = stepsOf(first, first.init(tensors(1)), 0, 3);
      const restored = stateFrom(
        Object.fromEntries(
          Object.entries(stateTensors(half)).map(([path, one]) => [
            path,
            tf.tensor(Array.from(one.dataSync()), one.shape, one.dtype),
          ]),
        ),
      );
      const [state, after] = stepsOf(make(), restored, 3, 6);
      expect([...before, ...after]).toEqual(expected);
      expect(expected.every(Number.isFinite)).toBe(true);
      expect(valuesOf(state)).toEqual(valuesOf(expectedState));
    });
  });

  it('leaves no tensor behind in 20 steps', () => {
    const before = tf.memory().numTensors;
    const [params, gradients, one] = [tensors(1), tensors(2), make()];
    let state = tf.tidy(() => kept(one.init(params)));
    const counts: number[] = [];
    for (let step = 0; step < 20; step++) {
      const old = state;
      state = tf.tidy(() => kept(one.update(gradients, old, params).state));
      disposeState(old, state);
      counts.push(tf.memory().numTensors);
    }
    // An optimizer that accumulates holds a sum between its steps: every fourth call is the same.
    expect(counts.slice(-4)).toEqual(counts.slice(0, 4));
    disposeState(state);
    tf.dispose([...Object.values(params), ...Object.values(gradients)]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is made again from its config', () => {
    const one = make();
    if (one.config === undefined) return;
    const again = optimizer(JSON.parse(JSON.stringify(one.config)) as never);
    tf.tidy(() => {
      expect(again.config).toEqual(one.config);
      const numbers = (given: GradientTransformation): number[] => stepsOf(given, given.init(tensors(1)), 0, 4)[1];
      expect(numbers(again)).toEqual(numbers(one));
      if (learningRateOf(one.init(tensors(1))) === undefined) throw new Error('a recipe without a learning rate');
    });
  });

  it('does nothing for no weights', () => {
    tf.tidy(() => {
      const one = make();
      const state = stateFrom(stateTensors(one.init({})));
      const result = one.update({}, state, {});
      expect(result.updates).toEqual({});
      expect(one.update({}, stateFrom(stateTensors(result.state)), {}).updates).toEqual({});
    });
  });
});

function kept(state: OptimizerState): OptimizerState {
  for (const tensor of Object.values(stateTensors(state))) tf.keep(tensor);
  return state;
}
