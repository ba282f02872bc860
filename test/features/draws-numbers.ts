import { StepCounter } from '@gradstream/autodiff';
import { randomKey } from '@gradstream/core';
import { layerFromConfig } from '@gradstream/layers';
import { outputsOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerCase } from '../../packages/layers/fixtures/layer-case.js';

/** Whether what the layer of a case gives while training depends on its random key. */
export function drawsNumbers({ type, options, inputs, masks, weights }: LayerCase): boolean {
  const step = new StepCounter(0);
  const differ = tf.tidy(() => {
    const tensorOf = ({ dtype, shape, values }: LayerCase['inputs'][number]): tf.Tensor =>
      tf.tensor([...values], [...shape], dtype);
    const layer = layerFromConfig({ type, config: options });
    const given = inputs.map(tensorOf);
    const own = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, tensorOf(weight)]));
    const cast = given.map((x) => ((layer.inputDtype ?? 'float32') === 'float32' ? tf.cast(x, 'float32') : x));
    const shared = { training: true, step, update: () => undefined, addLoss: () => undefined };
    const context =
      masks === undefined ? shared : { ...shared, masks: masks.map((m) => (m === null ? undefined : tensorOf(m))) };
    const [one, other] = [1, 2].map((seed) =>
      outputsOf(layer.call(own, cast, { ...context, key: randomKey(seed) })).flatMap((y) => Array.from(y.dataSync())),
    );
    return one!.some((value, index) => !Object.is(value, other![index]));
  });
  step.dispose();
  return differ;
}
