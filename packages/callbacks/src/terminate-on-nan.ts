import { defineCallback, type Callback, type Logs, type TrainingCommand, type TrainingEvent } from '@gradstream/core';
import { concatMap, defer } from 'rxjs';
import { numberText } from './internal/number-text.js';

/**
 * Stops training when the loss is NaN or infinite, and says what to try.
 *
 * The loss is looked at wherever it is read: in the logs of steps, which the trainer gives from time to time, and of each epoch. Where Keras says nothing
 * but stops, a diagnosis `nonFiniteLoss` is reported first.
 */
export function terminateOnNaN(): Callback {
  return defineCallback('terminateOnNaN', (events$) =>
    defer(() => {
      let found = false;
      const answer = (event: TrainingEvent): TrainingCommand[] => {
        if (event.type === 'trainBegin') found = false;
        if (found || (event.type !== 'stepEnd' && event.type !== 'epochEnd')) return [];
        const loss = event.logs?.['loss'];
        if (loss === undefined || Number.isFinite(loss)) return [];
        found = true;
        const step = event.type === 'stepEnd' ? event.step : event.steps - 1;
        return commandsAt(loss, event.epoch, step, event.globalStep);
      };
      return events$.pipe(concatMap(answer));
    }),
  );
}

/** Numbers in words count from 1, as in the progress line; in the evidence from 0, as in events. */
function commandsAt(loss: number, epoch: number, step: number, globalStep: number): TrainingCommand[] {
  const message = `The loss is ${numberText(loss)} at step ${step + 1} of epoch ${epoch + 1}`;
  const evidence: Logs = { loss, epoch, step, globalStep };
  const remedy =
    'Try a learning rate ten times smaller or clip gradients; look for NaN, huge values or logarithms of zero in the data and in losses of your own.';
  return [
    { type: 'report', diagnosis: { name: 'nonFiniteLoss', severity: 'error', message, evidence, remedy } },
    { type: 'stop', reason: message },
  ];
}
