import type { Json } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochEnd, trainBegin } from '../fixtures/training-events.js';
import { history } from './history.js';

const events = [
  trainBegin(['loss', 'val_loss']),
  epochEnd(0, { loss: 3 }),
  epochEnd(1, { loss: Infinity, val_loss: 2 }),
  epochEnd(2, { loss: 1 }),
];
const whole = {
  epoch: [0, 1, 2],
  history: { loss: [3, Infinity, 1], learning_rate: [0.001, 0.001, 0.001], val_loss: [NaN, 2, NaN] },
};

describe('history', () => {
  it('writes down the logs of each epoch, and asks for nothing', () => {
    const kept = history();
    expectMarbles(kept, {
      events: 'abcd|',
      given: { a: events[0]!, b: events[1]!, c: events[2]!, d: events[3]! },
      commands: '----|',
    });
    expect({ epoch: kept.epoch, history: kept.history }).toEqual(whole);
  });

  it('begins afresh with each training', () => {
    const kept = history();
    play(kept, events);
    play(kept, [events[0]!, epochEnd(0, { loss: 9 }, { learningRate: null })]);
    expect({ epoch: kept.epoch, history: kept.history }).toEqual({ epoch: [0], history: { loss: [9] } });
  });

  it.each([1, 2, 3])('goes on where a checkpoint left off, after %d events', (middle) => {
    const [first, second] = [history(), history()];
    play(first, events.slice(0, middle));
    second.restore!(JSON.parse(JSON.stringify(first.state!())) as Json);
    play(second, [events[0]!, ...events.slice(middle)]);
    expect({ epoch: second.epoch, history: second.history }).toEqual(whole);
  });

  it.each([
    null,
    {},
    { epoch: [0], history: { loss: [] } },
    { epoch: ['a'], history: {} },
    { epoch: [0], history: { loss: 'x' } },
    { epoch: [0], history: null },
  ])('refuses the state %j', (state) => {
    expect(() => history().restore!(state as Json)).toThrow(expect.objectContaining({ code: 'GS_CALLBACK_STATE' }));
  });
});
