import { of } from 'rxjs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { defineCallback } from './callback.js';
import { ofType } from './of-type.js';
import type { EpochEnd, TrainingEvent } from './training-event.js';

const events: TrainingEvent[] = [
  { type: 'epochBegin', epoch: 0, globalStep: 0, learningRate: null, time: 1 },
  { type: 'stepEnd', epoch: 0, step: 0, globalStep: 0, batchSize: 32, time: 2 },
  { type: 'epochEnd', epoch: 0, steps: 1, globalStep: 1, logs: { loss: 1 }, learningRate: null, time: 3 },
];

describe('TrainingEvent', () => {
  it('is told apart by its type; a field that an event does not have is a compile error', () => {
    const event = events[2]!;
    if (event.type === 'epochEnd') expect(event.logs.loss).toBe(1);
    // @ts-expect-error: epochBegin has no logs
    const logs = (e: TrainingEvent & { type: 'epochBegin' }): unknown => e.logs;
    expect(logs(events[0] as TrainingEvent & { type: 'epochBegin' })).toBeUndefined();
  });

  it('survives JSON as it is', () => {
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });
});

describe('ofType', () => {
  it('lets one or several types pass and narrows', () => {
    const seen: string[] = [];
    of(...events)
      .pipe(ofType('epochEnd'))
      .subscribe((event) => {
        expectTypeOf(event).toEqualTypeOf<EpochEnd>();
        seen.push(event.type);
      });
    of(...events)
      .pipe(ofType('epochBegin', 'stepEnd'))
      .subscribe((event) => seen.push(event.type));
    expect(seen).toEqual(['epochEnd', 'epochBegin', 'stepEnd']);
  });
});

describe('defineCallback', () => {
  it('gives a function its name and traits', () => {
    const callback = defineCallback('watch', () => of(), { critical: true });
    expect(callback.name).toBe('watch');
    expect(callback.critical).toBe(true);
  });
});
