import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import * as all from './index.js';
import { disposeState, stateTensors, type GradientTransformation, type OptimizerState } from './index.js';
import { cosineDecay } from './schedules/index.js';

beforeAll(() => tf.setBackend('cpu'));

const { accumulateGradients, adam, adamW, byPattern, lookahead, lossScale, sgd } = all;
const transformations: Readonly<Record<string, () => GradientTransformation>> = {
  sgd: () => sgd({ momentum: 0.9, nesterov: true }),
  rmsprop: () => all.rmsprop({ centered: true, momentum: 0.5 }),
  adam: () => adam({ amsgrad: true }),
  adamW: () => adamW({ weightDecay: 0.1 }),
  nadam: () => all.nadam(),
  adamax: () => all.adamax(),
  adagrad: () => all.adagrad(),
  adadelta: () => all.adadelta({ learningRate: 1 }),
  ftrl: () => all.ftrl({ l1RegularizationStrength: 0.01, l2RegularizationStrength: 0.01 }),
  lion: () => all.lion({ weightDecay: 0.1 }),
  lamb: () => all.lamb({ weightDecay: 0.1 }),
  adafactor: () => all.adafactor(),
  muon: () => all.muon(),
  scheduleFreeAdamW: () => all.scheduleFreeAdamW({ warmupSteps: 2 }),
  'clipping and a schedule': () =>
    adam({ globalClipNorm: 0.5, learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 5 }) }),
  'running means of weights': () => adam({ useEma: true, emaOverwriteFrequency: 2 }),
  'accumulated gradients': () => adam({ gradientAccumulationSteps: 2, weightDecay: 0.1 }),
  'accumulation around': () => accumulateGradients(3, sgd({ momentum: 0.5 })),
  lookahead: () => lookahead(adam({ learningRate: 0.1 }), { steps: 2 }),
  'a loss scale': () => lossScale(adam({ learningRate: 0.1 }), { dynamicGrowthSteps: 2 }),
  'groups by name': () => byPattern([{ match: 'b', optimizer: sgd({ learningRate: 0.5 }) }], adam()),
};

const shapes: Readonly<Record<string, number[]>> = { a: [2, 3], b: [3], c: [2, 2, 2] };
const draw = (seed: number): Record<string, tf.Tensor> =>
  Object.fromEntries(
    Object.entries(shapes).map(([name, shape], index) => [name, tf.randomNormal(shape, 0, 1, 'float32', seed + index)]),
  );

/** Weights and memory after five steps, done by `update` or by `apply`. */
function train(make: () => GradientTransformation, inPlace: boolean): { weights: number[][]; state: number[][] } {
  const transformation = make();
  const weights = Object.fromEntries(Object.entries(draw(1)).map(([name, value]) => [name, tf.variable(value)]));
  let state: OptimizerState = transformation.init(weights);
  for (let step = 0; step < 5; step++) {
    const gradients = draw(100 + 10 * step);
    const before = state;
    if (inPlace) state = transformation.apply!(gradients, state, weights);
    else {
      const result = transformation.update(gradients, state, weights);
      for (const name of Object.keys(weights)) weights[name]!.assign(tf.add(weights[name]!, result.updates[name]!));
      state = result.state;
    }
    disposeState(before, state);
  }
  return {
    weights: Object.values(weights).map((weight) => Array.from(weight.dataSync())),
    state: Object.values(stateTensors(state)).map((tensor) => Array.from(tensor.dataSync())),
  };
}

describe('apply', () => {
  it.each(Object.entries(transformations))('does what update says: %s', (_, make) => {
    if (make().apply === undefined) return;
    tf.tidy(() => {
      const [pure, inPlace] = [train(make, false), train(make, true)];
      inPlace.weights.forEach((values, index) =>
        expectAllClose(values, pure.weights[index]!, { absolute: 1e-7, relative: 1e-6 }),
      );
      expect(inPlace.state.length).toBe(pure.state.length);
      inPlace.state.forEach((values, index) =>
        expectAllClose(values, pure.state[index]!, { absolute: 1e-7, relative: 1e-6 }),
      );
    });
  });

  it('is there for the usual optimizers', () => {
    for (const name of ['sgd', 'rmsprop', 'adam', 'adamW'])
      expect(transformations[name]!().apply).toBeTypeOf('function');
  });
});
