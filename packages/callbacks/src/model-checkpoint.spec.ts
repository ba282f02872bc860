import type { Json, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import golden from '../fixtures/model-checkpoint.json' with { type: 'json' };
import { play, playResumed } from '../fixtures/play.js';
import { epochEnd, stepEnd, trainBegin } from '../fixtures/training-events.js';
import { namePattern } from './internal/name-pattern.js';
import { modelCheckpoint, type ModelCheckpointOptions } from './model-checkpoint.js';

const NAMES = ['loss', 'metric', 'val_loss'];
const begin = trainBegin(NAMES);
const training = (...values: (number | undefined)[]): TrainingEvent[] => [
  begin,
  ...values.map((value, epoch) => epochEnd(epoch, value === undefined ? { loss: 1 } : { loss: 1, val_loss: value })),
];
/** Names that are saved, and with a minus in front those that are removed, event by event. */
const names = (answers: readonly TrainingCommand[][]): string[][] =>
  answers.map((commands) =>
    commands.map((command) => {
      if (command.type === 'saveCheckpoint') return command.name;
      return command.type === 'removeCheckpoint' ? `-${command.name}` : command.type;
    }),
  );
const saved = (pattern: string, options: ModelCheckpointOptions, events: TrainingEvent[]): string[][] =>
  names(play(modelCheckpoint(pattern, options), events)).slice(1);

describe('modelCheckpoint', () => {
  it('asks for a checkpoint an epoch, or for the best alone', () => {
    const given = {
      b: begin,
      0: epochEnd(0, { val_loss: 2 }),
      1: epochEnd(1, { val_loss: 3 }),
      2: epochEnd(2, { val_loss: 1 }),
    };
    const expected: Record<string, TrainingCommand> = {
      x: { type: 'saveCheckpoint', name: '01-2.00' },
      y: { type: 'saveCheckpoint', name: '02-3.00' },
      z: { type: 'saveCheckpoint', name: '03-1.00' },
    };
    const pattern = '{epoch:02d}-{val_loss:.2f}';
    expectMarbles(modelCheckpoint(pattern), { events: 'b012|', given, commands: '-xyz|', expected });
    expectMarbles(modelCheckpoint(pattern, { saveBestOnly: true }), {
      events: 'b012|',
      given,
      commands: '-x-z|',
      expected,
    });
  });

  it(`saves what Keras ${golden.keras} saves, under the same names, in 120 trainings`, () => {
    for (const { pattern, options, values, saved: expected } of golden.cases) {
      const { saveBestOnly, initialValueThreshold, ...rest } = options as ModelCheckpointOptions;
      const callback = modelCheckpoint(pattern, {
        monitor: 'metric',
        ...rest,
        // Keras takes a threshold without a use for it.
        ...(saveBestOnly === true
          ? { saveBestOnly, ...(initialValueThreshold === undefined ? {} : { initialValueThreshold }) }
          : {}),
      });
      play(callback, [begin]);
      const feed = values.map((metric, epoch) => [
        ...[0, 1, 2, 3].map((step) => stepEnd(epoch, step)),
        epochEnd(epoch, { metric }, { steps: 4 }),
      ]);
      expect({ pattern, options, saved: feed.map((events) => names(play(callback, events)).flat()) }).toEqual({
        pattern,
        options,
        saved: expected,
      });
    }
  });

  it.each<[ModelCheckpointOptions, (number | undefined)[], string[][]]>([
    [{ saveTopK: 2 }, [5, 4, 6, 3, 4.5], [['e1'], ['e2'], [], ['e4', '-e1'], []]],
    [{ saveTopK: 1 }, [2, 2, 1], [['e1'], [], ['e3', '-e1']]],
    [{ saveTopK: 2, mode: 'max' }, [1, 2, 3], [['e1'], ['e2'], ['e3', '-e1']]],
    [{ saveTopK: 2 }, [NaN, 3, undefined, Infinity, 2], [[], ['e2'], [], [], ['e5']]],
    [{ saveTopK: 2, saveLast: true }, [3, 2, 4], [['e1', 'last'], ['e2', 'last'], ['last']]],
    [{ saveBestOnly: true, saveLast: true }, [3, 4], [['e1', 'last'], ['last']]],
    [{ saveBestOnly: true, initialValueThreshold: 2 }, [3, 1, 2], [[], ['e2'], []]],
    [{}, [3, undefined], [['e1'], ['e2']]],
  ])('with %j of %j saves %j', (options, values, expected) => {
    expect(saved('e{epoch}', options, training(...values))).toEqual(expected);
  });

  it('saves after so many steps, counted over the ends of epochs', () => {
    const events = [
      begin,
      ...[0, 1, 2, 3].map((step) => stepEnd(0, step)),
      epochEnd(0, {}),
      ...[0, 1].map((step) => stepEnd(1, step)),
    ];
    expect(saved('{epoch}-{batch:03d}-{step}', { saveFreq: 3 }, events)).toEqual([
      [],
      [],
      ['1-003-3'],
      [],
      [],
      [],
      ['2-002-12'],
    ]);
  });

  it('says what it wants saved', () => {
    const command = play(modelCheckpoint('best', { contents: 'all' }), training(1))[1];
    expect(command).toEqual([{ type: 'saveCheckpoint', name: 'best', contents: 'all' }]);
  });

  it('knows the best', () => {
    const callback = modelCheckpoint('e{epoch:02d}');
    expect([callback.best, callback.bestName]).toEqual([null, null]);
    play(callback, training(3, 1, 2));
    expect([callback.best, callback.bestName]).toEqual([1, 'e02']);
  });

  it.each<ModelCheckpointOptions>([{ saveTopK: 2 }, { saveBestOnly: true }, { saveFreq: 3 }, {}])(
    'with %j goes on where a checkpoint left off, at any event, and begins afresh otherwise',
    (options) => {
      const events = training(5, NaN, 4, 6, 3, 4.5, 2).flatMap((event, index) => [
        event,
        ...(index > 0 ? [stepEnd(index, 0)] : []),
      ]);
      const make = () => modelCheckpoint('{epoch}-{step}', options);
      const whole = play(make(), events);
      for (let middle = 1; middle < events.length; middle++)
        expect(playResumed(make, events, middle)).toEqual(whole.slice(middle));
      const twice = make();
      play(twice, events);
      expect(play(twice, events)).toEqual(whole);
    },
  );

  it('makes names of its own pattern, whatever a checkpoint says', () => {
    const callback = modelCheckpoint('e{epoch}', { saveTopK: 1 });
    const kept = [{ fields: { epoch: 7, '../../x': 1 }, value: 9, name: '../../etc' }];
    callback.restore!({ best: 9, bestFields: { epoch: 7 }, kept, steps: 0 } as unknown as Json);
    expect(names(play(callback, training(1)))).toEqual([[], ['e1', '-e7']]);
  });

  it.each([
    ['{epoch}-{val_f1:.2f}', {}, 'GS_CALLBACK_MONITOR'],
    ['e{epoch}', { monitor: 'val_mae', saveBestOnly: true }, 'GS_CALLBACK_MONITOR'],
  ])('ends the run where %s with %j has no metric', (pattern, options, error) => {
    expectMarbles(modelCheckpoint(pattern, options), { events: 'b', given: { b: begin }, commands: '#', error });
  });

  it.each<[unknown, unknown, string]>([
    ['', {}, 'GS_OPTION_VALUE'],
    [5, {}, 'GS_OPTION_VALUE'],
    ['../{epoch}', {}, 'GS_OPTION_VALUE'],
    ['folder/{epoch}', {}, 'GS_OPTION_VALUE'],
    ['a\\b', {}, 'GS_OPTION_VALUE'],
    ['.hidden', {}, 'GS_OPTION_VALUE'],
    ['{epoch', {}, 'GS_OPTION_VALUE'],
    ['{epoch:x}', {}, 'GS_OPTION_VALUE'],
    ['{epoch:.2f}', {}, 'GS_OPTION_VALUE'],
    ['{loss:d}', {}, 'GS_OPTION_VALUE'],
    ['{}', {}, 'GS_OPTION_VALUE'],
    ['a\u0000', {}, 'GS_OPTION_VALUE'],
    ['best', { saveTopK: 2 }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveTopK: 0 }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveTopK: 2, saveBestOnly: true }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveFreq: 0 }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveFreq: 'batch' }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveFreq: 5, saveBestOnly: true }, 'GS_OPTION_VALUE'],
    ['e{loss:.2f}', { saveFreq: 5 }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { initialValueThreshold: 1 }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveBestOnly: true, initialValueThreshold: NaN }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { saveLast: 'link' }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { contents: 'model' }, 'GS_OPTION_VALUE'],
    ['e{epoch}', { monitor: 'quality' }, 'GS_CALLBACK_MODE'],
    ['e{epoch}', { saveWeightsOnly: true }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %j: %s', (pattern, options, code) => {
    expect(() => modelCheckpoint(pattern as string, options as never)).toThrow(expect.objectContaining({ code }));
  });

  it.each([
    null,
    {},
    { best: 'x', bestFields: null, kept: [], steps: 0 },
    { best: null, bestFields: null, kept: [{ fields: { epoch: 'a' }, value: 1 }], steps: 0 },
    { best: null, bestFields: null, kept: [null], steps: 0 },
    { best: null, bestFields: null, kept: [], steps: -1 },
  ])('refuses the state %j', (state) => {
    expect(() => modelCheckpoint('a').restore!(state as Json)).toThrow(
      expect.objectContaining({ code: 'GS_CALLBACK_STATE' }),
    );
  });
});

describe('namePattern', () => {
  it.each([
    ['{epoch}', { epoch: 7 }, '7'],
    ['{epoch:03d}', { epoch: 1234 }, '1234'],
    ['{loss}', { loss: 0.25 }, '0.25'],
    ['{loss}', { loss: 1 }, '1.0'],
    ['{loss:.3e}', { loss: 1.5e-7 }, '1.500e-07'],
    ['{loss:.1e}', { loss: 1.5e120 }, '1.5e+120'],
    ['{loss:07.2f}', { loss: -1.5 }, '-001.50'],
    ['{loss:f}', { loss: 1 / 3 }, '0.333333'],
    ['{loss:.2f}', { loss: 0.625 }, '0.62'],
    ['{loss:.2f}', { loss: -0.375 }, '-0.38'],
    ['{loss:.0f}', { loss: 2.5 }, '2'],
    ['{loss:.0f}', { loss: 9.5 }, '10'],
    ['{loss:.1e}', { loss: 1.25 }, '1.2e+00'],
    ['{loss:.2f}', { loss: 1.005 }, '1.00'],
    ['{loss:.2f}', { loss: NaN }, 'nan'],
    ['{loss:.2f}', { loss: -Infinity }, '-inf'],
    ['a{epoch}b{epoch}c', { epoch: 1 }, 'a1b1c'],
  ])('%s of %j is %s', (pattern, values, name) => {
    expect(namePattern('test', pattern).format(values)).toBe(name);
  });
});
