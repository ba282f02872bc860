import type { TrainingCommand } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, it } from 'vitest';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { terminateOnNaN } from './terminate-on-nan.js';

const given = {
  b: trainBegin(['loss']),
  e: epochBegin(0),
  s: stepEnd(0, 0),
  g: stepEnd(0, 1, { loss: 0.5, accuracy: NaN }),
  n: stepEnd(1, 7, { loss: NaN }),
  i: stepEnd(0, 3, { loss: Infinity }),
  E: epochEnd(0, { loss: -Infinity }),
  G: epochEnd(0, { loss: 0.5, val_loss: NaN }),
  t: trainEnd('callback'),
};

const REMEDY =
  'Try a learning rate ten times smaller or clip gradients; look for NaN, huge values or logarithms of zero in the data and in losses of your own.';

const drawn = (
  evidence: { loss: number; epoch: number; step: number; globalStep: number },
  message: string,
): Record<string, TrainingCommand> => ({
  r: { type: 'report', diagnosis: { name: 'nonFiniteLoss', severity: 'error', message, evidence, remedy: REMEDY } },
  s: { type: 'stop', reason: message },
});

describe('terminateOnNaN', () => {
  it('reports and stops at a step, once', () => {
    expectMarbles(terminateOnNaN(), {
      events: 'besgn---n-E-t|',
      given,
      commands: '----(rs)-----|',
      expected: drawn({ loss: NaN, epoch: 1, step: 7, globalStep: 17 }, 'The loss is NaN at step 8 of epoch 2'),
    });
  });

  it('takes infinity too, and an epoch whose steps were not read', () => {
    expectMarbles(terminateOnNaN(), {
      events: '-i',
      given,
      commands: '-(rs)',
      expected: drawn(
        { loss: Infinity, epoch: 0, step: 3, globalStep: 3 },
        'The loss is Infinity at step 4 of epoch 1',
      ),
    });
    expectMarbles(terminateOnNaN(), {
      events: 'bE',
      given,
      commands: '-(rs)',
      expected: drawn(
        { loss: -Infinity, epoch: 0, step: 9, globalStep: 9 },
        'The loss is -Infinity at step 10 of epoch 1',
      ),
    });
  });

  it('leaves a finite loss alone, whatever other metrics do', () => {
    expectMarbles(terminateOnNaN(), { events: 'besgGt|', given, commands: '------|' });
  });

  it('begins afresh with each training', () => {
    expectMarbles(terminateOnNaN(), {
      events: 'bn---b-n',
      given,
      commands: '-(rs)--(rs)',
      expected: drawn({ loss: NaN, epoch: 1, step: 7, globalStep: 17 }, 'The loss is NaN at step 8 of epoch 2'),
    });
  });
});
