import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand } from '@gradstream/core';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { of } from 'rxjs';
import { beforeAll, expect, it } from 'vitest';
import { points, trainerOf, watch } from '../../fixtures/two-classes.js';
import { resources } from './watch.js';

beforeAll(() => tf.setBackend('cpu'));

const asking = (...commands: TrainingCommand[]) => defineCallback('asking', () => of(...commands));

it('a step tells its own loss where it was asked for: the running means are means of these', async () => {
  const { events } = await watch(trainerOf(), points(64, 16), {
    logEvery: 1,
    callbacks: [asking({ type: 'observe', kind: 'loss', every: 1 })],
  });
  const steps = events.filter((event) => event.type === 'stepEnd');
  const losses = steps.map(({ loss }) => loss!);
  expect(losses).toHaveLength(4);
  expectAllClose(
    steps.map(({ logs }) => logs!['loss']!),
    losses.map((_, last) => losses.slice(0, last + 1).reduce((a, b) => a + b) / (last + 1)),
  );
});

it('tells nothing unless asked, or asked no more', async () => {
  const callbacks = [
    asking({ type: 'observe', kind: 'loss', every: 1 }, { type: 'observe', kind: 'loss', every: 0 }),
    asking({ type: 'observe', kind: 'resources', every: 2 }, { type: 'observe', kind: 'resources', every: 0 }),
  ];
  const { events } = await watch(trainerOf(), points(64, 16), { callbacks });
  expect(events.some((event) => event.type === 'resources' || 'loss' in event)).toBe(false);
});

it('tells what training holds, as often as each of several callbacks asked', async () => {
  const { events } = await watch(trainerOf(), points(96, 16), {
    epochs: 2,
    callbacks: [
      asking({ type: 'observe', kind: 'resources', every: 4 }),
      asking({ type: 'observe', kind: 'resources', every: 5 }),
    ],
  });
  const told = events.filter((event) => event.type === 'resources');
  expect(told.map(({ epoch, globalStep }) => [epoch, globalStep])).toEqual([
    [0, 0],
    [0, 4],
    [0, 5],
    [1, 8],
    [1, 10],
  ]);
  expect(told[0]!.tensorBytes).toBeGreaterThan(100);
  expect(told[0]!.heapBytes).toBeGreaterThan(1e6);
  expect(told[0]!.processBytes).toBeGreaterThan(told[0]!.heapBytes! / 2);
  expect(told[0]!.tensors).toBeGreaterThan(10);
});

it('knows other hosts', () => {
  const { heapBytes, processBytes } = resources({ performance: { memory: { usedJSHeapSize: 5 } } });
  expect([heapBytes, processBytes]).toEqual([5, null]);
  expect(resources({})).toMatchObject({ heapBytes: null, processBytes: null });
});
