import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adam,
  chain,
  learningRateOf,
  scaleByAdam,
  scaleByLearningRate,
  sgd,
  stateFrom,
  stateTensors,
  withLearningRate,
  type OptimizerState,
} from './index.js';
import { constant, exponentialDecay, type Schedule } from './schedules/index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const weights = () => ({ w: tf.scalar(2) });
const numberOf = (tensor: tf.Tensor | undefined): number => tensor!.dataSync()[0]!;

describe('the learning rate in a state', () => {
  it('is a float32 scalar that can be replaced between steps', () => {
    tf.tidy(() => {
      const optimizer = sgd({ learningRate: 0.5, momentum: 0.9, weightDecay: 0.1 });
      const state = optimizer.init(weights());
      expect(learningRateOf(state)).toMatchObject({ dtype: 'float32', shape: [] });
      expect(numberOf(learningRateOf(state))).toBe(0.5);

      const value = tf.scalar(0.25);
      const changed = withLearningRate(state, value);
      expect(learningRateOf(changed)).toBe(value);
      expect(numberOf(learningRateOf(state))).toBe(0.5);
      expect(Object.keys(stateTensors(changed))).toEqual(Object.keys(stateTensors(state)));
      // Both the gradient's and the decay's rate are the new one: -0.25 * (1 + 0.1 * 2).
      expectAllClose(optimizer.update({ w: tf.scalar(1) }, changed, weights()).updates['w']!, [-0.3]);
      expect(learningRateOf(optimizer.update({ w: tf.scalar(1) }, changed, weights()).state)).toBe(value);
    });
  });

  it('leaves the velocity alone, as in Keras', () => {
    tf.tidy(() => {
      const optimizer = sgd({ learningRate: 1, momentum: 0.5 });
      const first = optimizer.update({ w: tf.scalar(1) }, optimizer.init(weights()), weights());
      const second = optimizer.update({ w: tf.scalar(1) }, withLearningRate(first.state, tf.scalar(0)), weights());
      expect(numberOf(second.updates['w'])).toBe(-0.5);
    });
  });

  it('follows a schedule and shows the rate of the next step', () => {
    tf.tidy(() => {
      const optimizer = adam({
        learningRate: exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 }),
        weightDecay: 0.1,
      });
      let state = optimizer.init(weights());
      for (const rate of [1, 0.5, 0.25, 0.125]) {
        expect(numberOf(learningRateOf(state))).toBe(rate);
        state = optimizer.update({ w: tf.scalar(1) }, state, weights()).state;
      }
      expect(stateTensors(state)['1.scheduleStep']).toMatchObject({ dtype: 'int32', shape: [] });
      expect(numberOf(stateTensors(state)['1.scheduleStep'])).toBe(4);
      expect(() => withLearningRate(state, tf.scalar(1))).toThrow(
        expect.objectContaining({ code: 'GS_OPTIMIZER_SCHEDULE' }),
      );
    });
  });

  it('counts steps as integers, and hands them to the schedule as floats', () => {
    tf.tidy(() => {
      const types = new Set<string>();
      const half: Schedule = (step) => {
        types.add(step.dtype);
        return tf.div(step, tf.scalar(2, 'int32')) as tf.Scalar;
      };
      const optimizer = chain(scaleByLearningRate(half));
      const state = stateFrom({
        ...stateTensors(optimizer.init(weights())),
        '0.scheduleStep': tf.scalar(2 ** 24, 'int32'),
      });
      const next = optimizer.update({ w: tf.scalar(1) }, state, weights()).state;
      expect(numberOf(stateTensors(next)['0.scheduleStep'])).toBe(2 ** 24 + 1);
      expect([...types]).toEqual(['float32']);
    });
  });

  it('does not change under a constant schedule', () => {
    expect(tf.tidy(() => numberOf(constant(0.3)(tf.scalar(7))))).toBe(Math.fround(0.3));
  });

  const bad: [string, (state: OptimizerState) => unknown, string][] = [
    ['a plain number', (state) => withLearningRate(state, 0.1 as never), 'GS_OPTIMIZER_LEARNING_RATE'],
    ['a vector', (state) => withLearningRate(state, tf.tensor1d([0.1]) as never), 'GS_OPTIMIZER_LEARNING_RATE'],
    ['an integer tensor', (state) => withLearningRate(state, tf.scalar(1, 'int32')), 'GS_OPTIMIZER_LEARNING_RATE'],
    [
      'a state without a rate',
      () => withLearningRate(scaleByAdam().init(weights()), tf.scalar(1)),
      'GS_OPTIMIZER_LEARNING_RATE',
    ],
    [
      'a schedule that gives a number',
      () => sgd({ learningRate: (() => 0.1) as never }).init(weights()),
      'GS_OPTIMIZER_SCHEDULE',
    ],
    [
      'a schedule that gives a vector',
      () => sgd({ learningRate: (() => tf.ones([2])) as never }).init(weights()),
      'GS_OPTIMIZER_SCHEDULE',
    ],
    [
      'the state of a schedule where there is none',
      (state) => sgd({ learningRate: constant(1) }).update(weights(), state, weights()),
      'GS_OPTIMIZER_STATE',
    ],
  ];
  it.each(bad)('refuses %s', (_, act, code) => {
    tf.tidy(() => {
      expect(() => act(sgd().init(weights()))).toThrow(expect.objectContaining({ code }));
    });
  });

  it('is undefined where there is none', () => {
    tf.tidy(() => {
      expect(learningRateOf(scaleByAdam().init(weights()))).toBeUndefined();
      expect(learningRateOf(tf.scalar(1))).toBeUndefined();
      expect(learningRateOf({})).toBeUndefined();
    });
  });
});
