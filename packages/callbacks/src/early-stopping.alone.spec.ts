import type { Callback, Json, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { from, toArray, lastValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/early-stopping.json' with { type: 'json' };
import { epochEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { earlyStopping, type EarlyStoppingOptions } from './early-stopping.js';

const NAMES = ['accuracy', 'loss', 'val_accuracy', 'val_loss'];

/** Plays a training whose epochs have these values; an epoch without one lacks the metric. */
const training = (values: readonly (number | undefined)[], key = 'val_loss'): TrainingEvent[] => [
  trainBegin(NAMES),
  ...values.map((value, epoch) => epochEnd(epoch, value === undefined ? {} : { [key]: value })),
  trainEnd(),
];

const commandsOf = (callback: Callback, events: readonly TrainingEvent[]): Promise<TrainingCommand[]> =>
  lastValueFrom(callback(from(events)).pipe(toArray()));

/** The epoch (0-based) at which it stops, or null. */
async function stoppedEpoch(options: EarlyStoppingOptions, values: readonly (number | undefined)[], key = 'val_loss') {
  const callback = earlyStopping({ monitor: key, ...options });
  await commandsOf(callback, training(values, key));
  return (callback.state!() as { stoppedEpoch: number | null }).stoppedEpoch;
}

describe('earlyStopping', () => {
  it('keeps each best, stops with a reason, and restores when training ends', () => {
    expectMarbles(earlyStopping({ patience: 2, restoreBestWeights: true }), {
      events: 'b-0-1-2-3-e|',
      given: {
        b: trainBegin(NAMES),
        0: epochEnd(0, { val_loss: 0.5 }),
        1: epochEnd(1, { val_loss: 0.25 }),
        2: epochEnd(2, { val_loss: 0.25 }),
        3: epochEnd(3, { val_loss: 0.3 }),
        e: trainEnd('callback'),
      },
      commands: '--k-k---s-r|',
      expected: {
        k: { type: 'keepWeights', slot: 'best' },
        s: { type: 'stop', reason: 'val_loss has not improved on 0.2500 (epoch 2) for 2 epochs' },
        r: { type: 'restoreWeights', slot: 'best' },
      } as Record<string, TrainingCommand>,
    });
  });

  it('restores also when training ran to its end, and keeps nothing unless asked', async () => {
    const types = async (options: EarlyStoppingOptions) =>
      (await commandsOf(earlyStopping(options), training([3, 2, 1]))).map(({ type }) => type);
    expect(await types({ restoreBestWeights: true })).toEqual([
      'keepWeights',
      'keepWeights',
      'keepWeights',
      'restoreWeights',
    ]);
    expect(await types({})).toEqual([]);
  });

  it.each<[string, EarlyStoppingOptions, (number | undefined)[], number | null]>([
    ['no patience stops at the first epoch without improvement', {}, [3, 2, 2, 1], 2],
    ['a patience of one does the same', { patience: 1 }, [3, 2, 2, 1], 2],
    ['a patience of two bears one', { patience: 2 }, [3, 2, 2, 1, 1, 1], 5],
    ['equal is no improvement', {}, [1, 1], 1],
    ['a step of exactly minDelta is none', { minDelta: 0.5 }, [2, 1.5], 1],
    ['a larger one is', { minDelta: 0.5 }, [2, 1.25], null],
    ['small steps count from the best, not from the last', { minDelta: 0.5, patience: 2 }, [2, 1.75, 1.25, 1, 0.8], 4],
    ['a baseline that is not beaten uses patience up', { baseline: 0.5, patience: 2 }, [1, 0.9, 0.95], 2],
    [
      'an improvement that misses the baseline does not stop by itself',
      { baseline: 0.5, patience: 1 },
      [1, 0.9, 0.8],
      null,
    ],
    ['a baseline that is beaten resets the wait', { baseline: 0.5, patience: 2 }, [1, 0.4, 0.6, 0.3], null],
    ['early epochs are not looked at', { startFromEpoch: 2 }, [1, 5, 4, 3, 3], 4],
    ['epochs without the metric are not counted', { patience: 2 }, [1, undefined, 2, undefined, 2], 4],
    ['NaN never improves, and a number after it does', { patience: 2 }, [NaN, 3, NaN, 2, Infinity, NaN], 5],
    ['it stops when nothing finite comes', { patience: 2 }, [NaN, NaN], 1],
  ])('%s', async (_, options, values, epoch) => {
    expect(await stoppedEpoch(options, values)).toBe(epoch);
  });

  it(`stops where Keras ${golden.keras} does, with the same best, and keeps the same weights, in 240 trainings`, async () => {
    for (const { options, values, stoppedEpoch: epoch, restoredEpoch, best, wait } of golden.cases) {
      const callback = earlyStopping({
        ...(options as EarlyStoppingOptions),
        monitor: 'val_loss',
        restoreBestWeights: true,
      });
      let kept: number | null = null;
      for (const event of training(values.map((value) => value ?? undefined))) {
        const commands = await commandsOf(callback, [event]);
        const stops = commands.some(({ type }) => type === 'stop');
        if (commands.some(({ type }) => type === 'keepWeights')) kept = (event as { epoch: number }).epoch;
        if (stops) break;
      }
      const state = callback.state!() as { best: number; wait: number; stoppedEpoch: number | null };
      expect({ options, values, epoch: state.stoppedEpoch, kept, best: state.best, wait: state.wait }).toEqual({
        options,
        values,
        epoch,
        kept: restoredEpoch,
        best,
        wait,
      });
    }
  });

  it('takes what is to rise the other way', async () => {
    expect(await stoppedEpoch({}, [0.5, 0.6, 0.6], 'val_accuracy')).toBe(2);
    expect(await stoppedEpoch({ mode: 'min' }, [0.5, 0.6], 'val_accuracy')).toBe(1);
    expect(await stoppedEpoch({ minDelta: 0.25 }, [0.5, 0.75], 'val_accuracy')).toBe(1);
    expect(await stoppedEpoch({ baseline: 0.7, patience: 2 }, [0.5, 0.6, 0.55], 'val_accuracy')).toBe(2);
  });

  it.each<[EarlyStoppingOptions, number[], string]>([
    [{ minDelta: 0.1 }, [2, 1.95], 'val_loss has not improved on 2.0000 (epoch 1) by more than 0.1 for 1 epoch'],
    [
      { baseline: 0.5 },
      [1, 2],
      'val_loss has not got below the baseline 0.5 for 2 epochs; its best is 1.0000 (epoch 1)',
    ],
    [{ patience: 2 }, [NaN, NaN], 'val_loss has had no finite value for 2 epochs'],
  ])('says why: %j', async (options, values, reason) => {
    const commands = await commandsOf(earlyStopping(options), training(values));
    expect(commands).toEqual([{ type: 'stop', reason }]);
  });

  it('asks to stop once', async () => {
    const commands = await commandsOf(earlyStopping(), training([1, 2, 3, 4]));
    expect(commands.map(({ type }) => type)).toEqual(['stop']);
  });

  it('begins afresh with each training', async () => {
    const callback = earlyStopping({ patience: 2 });
    await commandsOf(callback, training([1, 2, 3]));
    expect(callback.state!()).toEqual({ wait: 2, best: 1, bestEpoch: 0, stoppedEpoch: 2 });
    expect(await commandsOf(callback, training([5, 6]))).toEqual([]);
    expect(callback.state!()).toEqual({ wait: 1, best: 5, bestEpoch: 0, stoppedEpoch: null });
  });

  it('goes on where a checkpoint left off', async () => {
    const first = earlyStopping({ patience: 3 });
    const events = training([1, 2, 3]);
    await commandsOf(first, events.slice(0, -1));
    const second = earlyStopping({ patience: 3 });
    second.restore!(JSON.parse(JSON.stringify(first.state!())) as Json);
    const resumed = [trainBegin(NAMES), epochEnd(3, { val_loss: 4 })];
    expect(await commandsOf(second, resumed)).toEqual([
      { type: 'stop', reason: 'val_loss has not improved on 1.0000 (epoch 1) for 3 epochs' },
    ]);
  });

  it('has the best weights of before where fit goes on from a checkpoint', async () => {
    const callback = earlyStopping({ patience: 1, restoreBestWeights: true });
    callback.restore!({ wait: 0, best: 1, bestEpoch: 4, stoppedEpoch: null });
    const begin = { ...trainBegin(NAMES), resumed: { checkpoint: 'checkpoint-000003', epoch: 5, step: 0 } };
    const commands = await commandsOf(callback, [begin, epochEnd(5, { val_loss: 4 }), trainEnd()]);
    expect(commands.map(({ type }) => type)).toEqual(['stop', 'restoreWeights']);
  });

  it('says that the best weights are gone when they lie before the resumption', async () => {
    const callback = earlyStopping({ patience: 1, restoreBestWeights: true });
    callback.restore!({ wait: 0, best: 1, bestEpoch: 4, stoppedEpoch: null });
    const commands = await commandsOf(callback, [trainBegin(NAMES), epochEnd(5, { val_loss: 4 }), trainEnd()]);
    expect(commands.map(({ type }) => type)).toEqual(['stop', 'report']);
    expect(commands[1]).toMatchObject({ diagnosis: { name: 'bestWeightsNotKept', evidence: { best: 1, epoch: 4 } } });
  });

  it.each<[string, string[], string]>([
    ['val_los', NAMES, 'Did you mean "val_loss"?'],
    ['val_loss', ['accuracy', 'loss'], 'Give fit validationData, or monitor "loss".'],
    ['val_f1', ['accuracy', 'loss'], 'Give fit validationData, or monitor "loss".'],
    ['val_f1', NAMES, 'Monitor one of these.'],
  ])('refuses at the start to monitor %s where training gives %j', (monitor, names, next) => {
    const callback = earlyStopping({ monitor, mode: 'min' });
    expect(callback.critical).toBe(true);
    expectMarbles(callback, {
      events: '-b',
      given: { b: trainBegin(names) },
      commands: '-#',
      error: 'GS_CALLBACK_MONITOR',
    });
    return expect(commandsOf(callback, [trainBegin(names)])).rejects.toThrow(next);
  });

  it.each([
    [{ monitr: 'loss' }, 'GS_OPTION_UNKNOWN'],
    [{ monitor: '' }, 'GS_OPTION_VALUE'],
    [{ monitor: 5 }, 'GS_OPTION_VALUE'],
    [{ monitor: 'val_quality' }, 'GS_CALLBACK_MODE'],
    [{ mode: 'up' }, 'GS_OPTION_VALUE'],
    [{ patience: -1 }, 'GS_OPTION_VALUE'],
    [{ patience: 1.5 }, 'GS_OPTION_VALUE'],
    [{ minDelta: -0.1 }, 'GS_OPTION_VALUE'],
    [{ minDelta: NaN }, 'GS_OPTION_VALUE'],
    [{ baseline: '0.5' }, 'GS_OPTION_VALUE'],
    [{ restoreBestWeights: 'yes' }, 'GS_OPTION_VALUE'],
    [{ startFromEpoch: -2 }, 'GS_OPTION_VALUE'],
    [[], 'GS_OPTION_TYPE'],
  ])('refuses the options %j with %s', (options, code) => {
    expect(() => earlyStopping(options as never)).toThrow(expect.objectContaining({ code }));
  });

  it.each([null, 5, {}, { wait: '1', best: null, bestEpoch: null, stoppedEpoch: null }])(
    'refuses the state %j',
    (state) => {
      expect(() => earlyStopping().restore!(state as Json)).toThrow(
        expect.objectContaining({ code: 'GS_CALLBACK_STATE' }),
      );
    },
  );
});
