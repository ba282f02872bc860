import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, ofType, type Callback, type TrainingCommand } from '@gradstream/core';
import { syntheticDigits } from '@gradstream/datasets';
import { dense, flatten, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import { filter, mergeMap } from 'rxjs';
import { expect, it } from 'vitest';

/** A callback of one's own: halves the learning rate the first time that the loss is below a bound, and stops below another. */
function halveThenStop(halveBelow: number, stopBelow: number): Callback {
  return defineCallback('halveThenStop', (events$) =>
    events$.pipe(
      ofType('epochEnd'),
      filter(({ logs }) => logs.loss! < halveBelow),
      mergeMap(({ logs }, index) => {
        const commands: TrainingCommand[] = [];
        if (index === 0) commands.push({ type: 'scaleLearningRate', factor: 0.5 });
        if (logs.loss! < stopBelow) commands.push({ type: 'stop', reason: 'the loss is small enough' });
        return commands;
      }),
    ),
  );
}

it('a callback of one’s own: commands in answer to events', async () => {
  const { train } = await syntheticDigits({ seed: 1, train: 320, test: 1 });
  const model = sequential(
    [flatten({ inputShape: [28, 28] }), dense(16, { activation: 'relu' }), dense(10, { activation: 'softmax' })],
    { seed: 1 },
  );
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
  const rates: number[] = [];
  const run = trainer.fit(train.batch(16), { epochs: 30, callbacks: [halveThenStop(2, 1)] });
  run.events$.pipe(ofType('epochEnd')).subscribe(({ learningRate }) => rates.push(learningRate!));
  const { reason, message } = await run;
  expect(reason).toBe('callback');
  expect(message).toBe('halveThenStop: the loss is small enough');
  expect(new Set(rates.map((rate) => rate.toFixed(5)))).toEqual(new Set(['0.00100', '0.00050']));
});
