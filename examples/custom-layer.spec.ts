import '@tensorflow/tfjs-backend-cpu';
import { fromArrays } from '@gradstream/datasets';
import { ones } from '@gradstream/initializers';
import { dense, sequential, type Layer } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { compile } from '@gradstream/trainer';
import { add, mul, relu, minimum } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

/** A layer of one's own: a ReLU whose slope on the left is learned, one for each feature. */
function learnedSlope(): Layer {
  return {
    type: 'LearnedSlope',
    trainable: true,
    build: ([inputShape]) => ({
      outputShape: inputShape!,
      weights: [{ name: 'slope', shape: [inputShape!.at(-1)!], initializer: ones() }],
    }),
    call: ({ slope }, [x]) => add(relu(x!), mul(slope!, minimum(x!, 0))),
    toConfig: () => ({ type: 'LearnedSlope', config: {} }),
  };
}

it('a layer of one’s own: its weight is drawn, trained and saved like any other', async () => {
  const x = Float32Array.from({ length: 100 }, (_, i) => i / 25 - 2);
  const target = x.map((value) => (value > 0 ? value : 0.1 * value));
  const data = fromArrays({
    x: { dtype: 'float32', shape: [100, 1], values: x },
    y: { dtype: 'float32', shape: [100, 1], values: target },
  });
  const model = sequential([{ ...learnedSlope(), inputShape: [1] }, dense(1)], { seed: 2 });
  const trainer = compile(model, { optimizer: adam({ learningRate: 0.01 }), loss: 'meanSquaredError' });
  const before = await trainer.evaluate(data.batch(100));
  await trainer.fit(data.shuffle(100, { seed: 1 }).batch(10), { epochs: 100 });
  const after = await trainer.evaluate(data.batch(100));
  expect(after.loss).toBeLessThan(before.loss! / 10);
  expect(Object.keys(await model.getWeights())).toEqual(['learned_slope/slope', 'dense/kernel', 'dense/bias']);
});
