import { diagnose } from '@gradstream/callbacks';
import type { TrainingEvent } from '@gradstream/core';
import { compile, memoryCheckpoints, type FitOptions } from '@gradstream/trainer';
import { useBackend } from 'gradstream';
import { beforeAll, expect, it } from 'vitest';
import { cases } from './networks.js';

beforeAll(async () => {
  await useBackend('cpu');
});

/** What diagnoses look at and say, without what differs from start to start. */
async function watched(name: string, options: FitOptions): Promise<unknown[]> {
  const { model, compile: how, data, fit } = cases.find(({ diagnosis }) => diagnosis === name)!.sick;
  const trainer = compile(model(), { ...how, seed: 3 });
  const events: TrainingEvent[] = [];
  const run = trainer.fit(data, { ...fit, ...options, callbacks: [diagnose()] });
  run.events$.subscribe((event) => events.push(event));
  await run;
  trainer.dispose();
  trainer.model.dispose();
  return events.flatMap((event): unknown[] => {
    if (event.type === 'statistics') return [`${event.kind} ${event.globalStep}`];
    return event.type === 'diagnosis' ? [{ ...event, time: 0 }] : [];
  });
}

it.each(['deadRelus', 'vanishingGradients', 'explodingGradients', 'plateau'])(
  'diagnoses of a training that goes on see and say what they would have: %s',
  async (name) => {
    const store = memoryCheckpoints();
    const whole = await watched(name, { checkpointStore: store, saveEvery: { steps: 11 }, keepCheckpoints: 99 });
    expect(whole.some((one) => typeof one === 'object')).toBe(true);
    const names = await store.list();
    for (const resumeFrom of [names[1]!, names.at(-2)!]) {
      const resumed = await watched(name, { checkpointStore: store, resumeFrom });
      expect(resumed, resumeFrom).toEqual(whole.slice(whole.length - resumed.length));
      expect(resumed.length, resumeFrom).toBeLessThan(whole.length);
    }
  },
);
