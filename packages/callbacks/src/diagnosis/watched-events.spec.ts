import type { TrainingEvent } from '@gradstream/core';
import { expect, it } from 'vitest';
import { statistics } from '../../fixtures/observations.js';
import { epochEnd, stepEnd, trainBegin } from '../../fixtures/training-events.js';
import { WatchedEvents } from './watched-events.js';

it('remembers the first and the last observations of each kind, all epochs, and how many steps there were', () => {
  const memory = new WatchedEvents();
  memory.add(trainBegin([]));
  for (let step = 0; step < 100; step++) {
    memory.add(stepEnd(0, step));
    memory.add(statistics('weights', step, { a: { norm: step } }));
    if (step % 2 === 0) memory.add(epochEnd(step, { loss: step }));
  }
  const steps = memory.events.flatMap((event) => (event.type === 'statistics' ? [event.globalStep] : []));
  expect(steps).toEqual([0, 1, 2, 3, 4, ...Array.from({ length: 25 }, (_, index) => 75 + index)]);
  expect(memory.events.filter(({ type }) => type === 'epochEnd')).toHaveLength(50);
  expect(memory.steps).toBe(100);
  const again = WatchedEvents.from('here', JSON.parse(JSON.stringify(memory.toJson())) as never);
  expect(again.toJson()).toEqual(memory.toJson());
});

it.each([
  null,
  [],
  { steps: 1 },
  { steps: -1, events: [] },
  { steps: 1, events: [{ type: 'trainEnd' }] },
  { steps: 1, events: [null] },
])('refuses %j', (state) => {
  expect(() => WatchedEvents.from('here', state as never)).toThrow(/GS_CALLBACK_STATE/);
});

it('takes losses of steps where they were observed', () => {
  const memory = new WatchedEvents();
  memory.add({ ...stepEnd(0, 0), loss: 1 } as TrainingEvent);
  expect(memory.events).toHaveLength(1);
});
