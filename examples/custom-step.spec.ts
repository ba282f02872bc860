import '@tensorflow/tfjs-backend-cpu';
import { keyedNormal } from '@gradstream/autodiff';
import { foldIn, normalValues, randomKey } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential, type Model } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { compile, type CustomStep } from '@gradstream/trainer';
import { add, mean, mul, square, sub, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

/**
 * A training step of one's own: a generator that learns to make numbers like those of the data, against a judge that learns to tell them apart. Both are trained in
 * the usual loop, with its events, callbacks and checkpoints. Source: Mao et al., "Least squares generative adversarial networks", 2017.
 */
function adversaries(judge: Model): CustomStep {
  const distance = (verdict: Tensor, goal: number): Tensor => mean(square(sub(verdict, goal)));
  return {
    logs: ['loss', 'judge', 'mean'],
    train: ({ x, size }, { run, minimize, key, step }) => {
      const noise = keyedNormal([size, 2], foldIn(key, 'noise'), step);
      const made = run(noise)[0]!;
      const judged = minimize(
        () => mul(add(distance(run(x as Tensor, judge)[0]!, 1), distance(run(made, judge)[0]!, 0)), 0.5) as Scalar,
        judge,
      );
      const loss = minimize(() => distance(run(run(noise)[0]!, judge)[0]!, 1) as Scalar);
      return { loss, judge: judged, mean: mean(made) as Scalar };
    },
    others: [{ model: judge, optimizer: adam({ learningRate: 0.01, beta1: 0.5 }) }],
  };
}

it('a training step of one’s own: two models against each other', async () => {
  // Numbers around 3, with a deviation of a half.
  const count = 512;
  const values = normalValues(randomKey(1), 0, count).map((value) => 3 + value / 2);
  const data = fromArrays({ x: { dtype: 'float32', shape: [count, 1], values } });

  const judge = sequential([dense(16, { activation: 'tanh', inputShape: [1] }), dense(1)], { seed: 2 });
  const generator = sequential([dense(8, { activation: 'tanh', inputShape: [2] }), dense(1)], { seed: 1 });
  const trainer = compile(generator, {
    optimizer: adam({ learningRate: 0.005, beta1: 0.5 }),
    customStep: adversaries(judge),
  });
  const { history } = await trainer.fit(data.shuffle(count, { seed: 1 }).batch(64), { epochs: 60 });

  expect(Math.abs(history['mean']![0]! - 3)).toBeGreaterThan(1.5);
  const noise = { dtype: 'float32', shape: [1000, 2], values: normalValues(randomKey(3), 0, 2000) } as const;
  const { values: made } = await trainer.predict(noise);
  const center = made.reduce((sum, value) => sum + value / 1000, 0);
  const deviation = Math.sqrt(made.reduce((sum, value) => sum + (value - center) ** 2 / 1000, 0));
  expect(Math.abs(center - 3)).toBeLessThan(0.3);
  expect(Math.abs(deviation - 0.5)).toBeLessThan(0.25);
});
