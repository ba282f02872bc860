import '@tensorflow/tfjs-backend-cpu';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import { compile } from '@gradstream/trainer';
import { mean, sqrt, squaredDifference, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

/** A metric of one's own is a function; its name is the metric's name. */
function rmse(yTrue: Tensor, yPred: Tensor): Tensor {
  return sqrt(mean(squaredDifference(yTrue, yPred)));
}

it('a metric of one’s own: root mean squared error', async () => {
  const x = Float32Array.from({ length: 64 }, (_, i) => i / 32 - 1);
  const data = fromArrays({
    x: { dtype: 'float32', shape: [64, 1], values: x },
    y: { dtype: 'float32', shape: [64, 1], values: x.map((value) => 3 * value - 0.5) },
  });
  const trainer = compile(sequential([dense(1, { inputShape: [1] })], { seed: 1 }), {
    optimizer: sgd({ learningRate: 0.2 }),
    loss: 'meanSquaredError',
    metrics: [rmse],
  });
  const { history } = await trainer.fit(data.shuffle(64, { seed: 1 }).batch(16), { epochs: 20 });
  expect(history.rmse!.at(-1)).toBeLessThan(0.02);
  const { loss, rmse: measured } = await trainer.evaluate(data.batch(64));
  expect(measured).toBeCloseTo(Math.sqrt(loss!), 5);
});
