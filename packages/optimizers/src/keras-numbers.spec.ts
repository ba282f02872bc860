import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from '../fixtures/optimizers.json' with { type: 'json' };
import {
  adam,
  adamW,
  rmsprop,
  sgd,
  stateTensors,
  type OptimizerOptions,
  type OptimizerState,
  type Tensors,
} from './index.js';
import { exponentialDecay, type ExponentialDecayOptions } from './schedules/index.js';

interface Case {
  readonly recipe: 'sgd' | 'rmsprop' | 'adam' | 'adamW';
  readonly options: Record<string, number | boolean>;
  readonly schedule?: ExponentialDecayOptions;
  readonly exclude?: string;
  readonly updates: readonly Record<string, number[]>[];
  readonly weights: Record<string, number[]>;
}

const cases = fixture.cases as unknown as readonly Case[];
const shapes: Record<string, number[]> = fixture.shapes;
const recipes = { sgd, rmsprop, adam, adamW };

const tensorsOf = (values: Record<string, number[]>): Tensors =>
  Object.fromEntries(Object.entries(values).map(([path, numbers]) => [path, tf.tensor(numbers, shapes[path]!)]));

function optionsOf({ options, schedule, exclude }: Case): OptimizerOptions {
  return {
    ...options,
    ...(schedule === undefined ? {} : { learningRate: exponentialDecay(schedule) }),
    ...(exclude === undefined ? {} : { excludeFromWeightDecay: (path: string) => path.includes(exclude) }),
  };
}

const titleOf = ({ recipe, options, schedule, exclude }: Case): string =>
  JSON.stringify({ recipe, ...options, schedule, exclude });

describe.each(['cpu', 'wasm'])('the numbers of Keras on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(cases.map((one) => [titleOf(one), one] as const))('%s', (_, one) => {
    // Updates that nearly cancel keep the rounding error of the largest.
    const largest = Math.max(...one.updates.flatMap((step) => Object.values(step).flat().map(Math.abs)));
    const optimizer = recipes[one.recipe](optionsOf(one));
    tf.engine().startScope();
    let params = tensorsOf(fixture.params as Record<string, number[]>);
    let state: OptimizerState = optimizer.init(params);
    fixture.gradients.forEach((gradients, step) => {
      const result = optimizer.update(tensorsOf(gradients as Record<string, number[]>), state, params);
      expect(Object.keys(result.updates)).toEqual(Object.keys(params));
      for (const [path, update] of Object.entries(result.updates)) {
        expect(update.shape).toEqual(shapes[path]);
        expectAllClose(update, one.updates[step]![path]!, { relative: 1e-5, absolute: 3e-7 * largest });
      }
      params = Object.fromEntries(
        Object.entries(params).map(([path, weight]) => [path, tf.add(weight, result.updates[path]!)]),
      );
      expect(Object.keys(stateTensors(result.state))).toEqual(Object.keys(stateTensors(state)));
      state = result.state;
    });
    for (const [path, weight] of Object.entries(params))
      expectAllClose(weight, one.weights[path]!, { relative: 1e-5, absolute: 1e-7 });
    tf.engine().endScope();
  });

  it.each(fixture.schedules.map((one) => [JSON.stringify(one.options), one] as const))(
    'exponentialDecay(%s)',
    (_, { options, steps, rates }) => {
      tf.tidy(() => {
        const schedule = exponentialDecay(options);
        const received = steps.map((step) => schedule(tf.scalar(step)).dataSync()[0]!);
        expectAllClose(received, rates, { relative: 1e-5, absolute: 0 });
      });
    },
  );
});
