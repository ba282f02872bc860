import type { TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { lambdaCallback } from './lambda-callback.js';

const given = {
  b: trainBegin(['loss']),
  e: epochBegin(0),
  s: stepEnd(0, 0),
  E: epochEnd(0, { loss: 1 }),
  t: trainEnd(),
};
const stop: TrainingCommand = { type: 'stop', reason: 'enough' };

describe('lambdaCallback', () => {
  it('calls the hook of each event with it, and hands commands on', () => {
    const seen: string[] = [];
    const callback = lambdaCallback({
      onTrainBegin: ({ epochs }) => void seen.push(`begin ${epochs}`),
      onStepEnd: ({ step }) => void seen.push(`step ${step}`),
      onEpochEnd: () => [stop, { type: 'setLearningRate', value: 1 }],
      onTrainEnd: () => stop,
    });
    const commands = play(callback, Object.values(given));
    expect(commands).toEqual([[], [], [], [stop, { type: 'setLearningRate', value: 1 }], [stop]]);
    expect(seen).toEqual(['begin 2', 'step 0']);
  });

  it('makes training wait for a promise', () => {
    expectMarbles(lambdaCallback({ onEpochEnd: async () => 5, onStepEnd: () => null }), {
      events: 'bsE-|',
      given,
      commands: '--h-|',
      expected: { h: { type: 'hold', until: Promise.resolve() } },
    });
  });

  it('fails where a hook throws', () => {
    const onStepEnd = (): never => {
      throw Object.assign(new Error('broken'), { code: 'BROKEN' });
    };
    expectMarbles(lambdaCallback({ onStepEnd }), { events: 'bs', given, commands: '-#', error: 'BROKEN' });
  });

  it.each([
    [{ onEpochsEnd: () => {} }, 'GS_OPTION_UNKNOWN'],
    [{ on_epoch_end: () => {} }, 'GS_OPTION_UNKNOWN'],
    [{ onEpochEnd: 'print' }, 'GS_OPTION_VALUE'],
    [{ onEpochEnd: null }, 'GS_OPTION_VALUE'],
    [() => {}, 'GS_OPTION_TYPE'],
  ])('refuses %o', (hooks, code) => {
    expect(() => lambdaCallback(hooks as never)).toThrow(expect.objectContaining({ code }));
  });
});
