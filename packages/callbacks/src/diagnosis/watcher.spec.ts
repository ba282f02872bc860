import { expectMarbles } from '@gradstream/testing';
import { expect, it } from 'vitest';
import { stepEnd, trainBegin } from '../../fixtures/training-events.js';
import { commandsTo } from '../../fixtures/observations.js';
import { watching, type Watcher } from './watcher.js';

const quiet = { examine: () => [] } as const;

it('joins requests: as often and as long as anyone asks; all of the first steps where one wants them', async () => {
  const watchers = (): Watcher[] => [
    { requests: [{ kind: 'activations', every: 10, window: 5 }], ...quiet },
    {
      requests: [
        { kind: 'activations', every: 4 },
        { kind: 'gradients', every: 10, warmUp: 2 },
      ],
      ...quiet,
    },
  ];
  const steps = [stepEnd(0, 0), stepEnd(0, 1), stepEnd(0, 2)];
  expect(await commandsTo(watching('both', watchers), [trainBegin([]), ...steps])).toEqual([
    { type: 'observe', kind: 'activations', every: 4, window: 5 },
    { type: 'observe', kind: 'gradients', every: 1 },
    { type: 'observe', kind: 'gradients', every: 10 },
  ]);
});

it('asks less often later on, unless somebody wants to see more', async () => {
  const activations = { kind: 'activations', every: 2 } as const;
  const asked = async (...more: Watcher['requests'][number][]) =>
    (
      await commandsTo(
        watching('one', () => [{ requests: [{ ...activations, later: { every: 6, from: 2 } }, ...more], ...quiet }]),
        [trainBegin([]), stepEnd(0, 0), stepEnd(0, 1), stepEnd(0, 2)],
      )
    ).map((command) => command.type === 'observe' && command.every);
  expect(await asked()).toEqual([2, 6]);
  expect(await asked({ ...activations, every: 3 })).toEqual([2, 3]);
  expect(await asked({ ...activations, every: 1 })).toEqual([1]);
  expect(await asked({ ...activations, warmUp: 1 })).toEqual([1, 2]);
  expect(await asked({ ...activations, later: { every: 4, from: 3 } })).toEqual([2, 4]);
});

it('reports what is found at the event that shows it, with watchers of its own for each training', () => {
  let made = 0;
  const diagnosis = { name: 'x', severity: 'info', message: 'x', evidence: {}, remedy: 'x' } as const;
  const callback = watching('finds', () => {
    made++;
    let seen = 0;
    return [{ requests: [], examine: (event) => (event.type === 'stepEnd' && ++seen === 2 ? [diagnosis] : []) }];
  });
  for (let training = 1; training <= 2; training++) {
    expectMarbles(callback, {
      events: 'b-s-s-s-|',
      given: { b: trainBegin([]), s: stepEnd(0, 0) },
      commands: '----r---|',
      expected: { r: { type: 'report', diagnosis } },
    });
    expect(made).toBe(training);
  }
});
