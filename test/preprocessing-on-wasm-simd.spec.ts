import { StepCounter } from '@gradstream/autodiff';
import { randomKey, uniformValues } from '@gradstream/core';
import * as layers from '@gradstream/layers';
import { expectAllClose, outputsOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { describe, expect, it } from 'vitest';

describe('layers that prepare inputs, on wasm-simd', () => {
  it.each([
    layers.augMix({ valueRange: [0, 1], numChains: 2, chainDepth: 1 }),
    layers.cutMix(),
    layers.mixUp(),
    layers.randAugment({ valueRange: [0, 1] }),
    layers.randomColorJitter({
      valueRange: [0, 1],
      brightnessFactor: 0.2,
      contrastFactor: 0.3,
      saturationFactor: 0.4,
      hueFactor: 0.5,
    }),
    layers.randomCrop(3, 4),
    layers.randomElasticTransform({ valueRange: [0, 1], factor: [1, 1] }),
    layers.randomErasing({ valueRange: [0, 1] }),
    layers.randomFlip(),
    layers.randomGaussianBlur({ valueRange: [0, 1], kernelSize: 5 }),
    layers.randomPerspective(),
    layers.randomPosterization(6, { valueRange: [0, 1] }),
    layers.randomRotation(0.3),
    layers.randomShear({ xFactor: 0.3, yFactor: 0.3 }),
    layers.randomTranslation(0.3, 0.3),
    layers.randomZoom(0.3),
    layers.solarization({ valueRange: [0, 1], additionFactor: 0.2, thresholdFactor: 0.6 }),
  ])('draw the same on cpu and on wasm-simd: $type', async (layer) => {
    const numbers: Float32Array[] = [];
    for (const name of ['cpu', 'wasm-simd']) {
      expect((await useBackend(name)).name).toBe(name);
      const context = { training: true, key: randomKey(8), step: new StepCounter(2) };
      const output = tf.tidy(() => {
        const images = tf.tensor(uniformValues(randomKey(1), 0, 4 * 6 * 7 * 3), [4, 6, 7, 3]);
        return outputsOf(layer.call({}, [images], context))[0]!
          .dataSync()
          .slice() as Float32Array;
      });
      context.step.dispose();
      numbers.push(output);
    }
    expectAllClose(numbers[1]!, numbers[0]!, { absolute: 2e-5, relative: 1e-5 });
  });
});
