import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import { uniformValues, randomKey } from '@gradstream/core';
import { checkLayer, expectAllClose, outputsOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { stillContext, trainingContext } from '../../../fixtures/contexts.js';
import { layerFromConfig } from '../../layer-from-config.js';
import type { CallContext, Layer } from '../../layer.js';
import * as image from './index.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const unit = { valueRange: [0, 1] } as const;
const sampling = { fillMode: 'wrap', interpolation: 'nearest', fillValue: 0.5, seed: 7 } as const;

/** Each random layer, with options that change nearly every image. */
const RANDOM: readonly Layer[] = [
  image.augMix({ ...unit, numChains: 2, chainDepth: 2, factor: [0.1, 0.4] }),
  image.cutMix(),
  image.mixUp({ alpha: 2 }),
  image.randAugment({ ...unit, numOps: 1, factor: [0.1, 0.4] }),
  image.randAugment({ ...unit, interpolation: 'nearest', seed: 4 }),
  image.randomBrightness(0.3, unit),
  image.randomColorDegeneration(0.9, unit),
  image.randomColorJitter({
    ...unit,
    brightnessFactor: 0.2,
    contrastFactor: 0.3,
    saturationFactor: [0.2, 0.6],
    hueFactor: 0.5,
  }),
  image.randomContrast([0.4, 0.7], unit),
  image.randomCrop(3, 4),
  image.randomElasticTransform({ ...unit, factor: [1, 1], scale: [0.9, 1], ...sampling }),
  image.randomErasing({ ...unit, factor: [1, 1], scale: [0.2, 0.5] }),
  image.randomErasing({ ...unit, factor: [1, 1], scale: [0.2, 0.5], fillValue: [0, 0.5, 1] }),
  image.randomFlip(),
  image.randomFlip('horizontal', { seed: 9 }),
  image.randomFlip('vertical'),
  image.randomGaussianBlur({ ...unit, factor: [1, 1], sigma: [0.4, 1], kernelSize: [3, 5] }),
  image.randomGrayscale(),
  image.randomHue([0.2, 0.8], unit),
  image.randomInvert(unit),
  image.randomPerspective({ factor: [1, 1], scale: 0.4 }),
  image.randomPosterization([2, 6], unit),
  image.randomRotation(0.2, sampling),
  image.randomSaturation([0.1, 0.45], unit),
  image.randomSharpness([0, 1], unit),
  image.randomShear({ xFactor: [0.1, 0.4], yFactor: 0.2, ...sampling }),
  image.randomTranslation(0.4, [0.1, 0.3], sampling),
  image.randomZoom([-0.5, -0.1], { widthFactor: 0.3, ...sampling }),
  image.solarization({ ...unit, additionFactor: 0.3, thresholdFactor: [0, 0.9] }),
];

/** Those that act in use as well, or draw nothing. */
const FIXED: readonly Layer[] = [
  image.autoContrast(unit),
  image.centerCrop(3, 9),
  image.contrastLimitedAdaptiveHistogramEqualization({ ...unit, tileGridSize: [2, 2] }),
  image.equalization({ ...unit, bins: 16 }),
  image.resizing(4, 3, { interpolation: 'bicubic', padToAspectRatio: true, antialias: true }),
];

const named = (layers: readonly Layer[]): (readonly [string, Layer])[] =>
  layers.map((layer) => [`${layer.type} ${JSON.stringify(layer.toConfig().config)}`, layer] as const);
const inputsOf = (layer: Layer, batch: number, seed = 1): tf.Tensor[] => {
  const images = tf.tensor(uniformValues(randomKey(seed), 0, batch * 6 * 7 * 3), [batch, 6, 7, 3]);
  const labels = tf.oneHot(tf.range(0, batch, 1, 'int32'), batch + 1);
  return layer.inputCount === undefined ? [images] : [images, tf.cast(labels, 'float32')];
};
const run = (layer: Layer, batch: number, context: CallContext): number[][] => {
  const outputs = tf.tidy(() => [...outputsOf(layer.call({}, inputsOf(layer, batch), context))]);
  const numbers = outputs.map((output) => [...output.dataSync()]);
  tf.dispose(outputs);
  return numbers;
};
const none = (shape: readonly number[]): tf.Tensor => tf.zeros([...shape]);

describe.each(named([...RANDOM, ...FIXED]))('%s', (_, layer) => {
  it.each([stillContext, trainingContext()])('keeps its shapes and its config and leaves no tensor', (context) => {
    checkLayer(layer, {
      inputs: inputsOf(layer, 2),
      weight: none,
      context,
      gradients: false,
      restore: layerFromConfig,
    });
  });

  it('keeps inside the value range', () => {
    if (['RandomSaturation', 'RandomRotation', 'Resizing'].includes(layer.type)) return;
    const [images] = run(layer, 8, trainingContext());
    expect(Math.min(...images!)).toBeGreaterThan(-1e-6);
    expect(Math.max(...images!)).toBeLessThan(1 + 1e-6);
  });
});

describe.each(named(RANDOM))('%s', (_, layer) => {
  it('gives the same numbers for the same step and others for another', () => {
    const first = run(layer, 8, trainingContext());
    expect(run(layer, 8, trainingContext())).toEqual(first);
    expect(run(layer, 8, trainingContext(6))).not.toEqual(first);
    expect(run(layer, 8, trainingContext(5, 4))).not.toEqual(first);
    const { type, config } = layer.toConfig();
    expect(run(layerFromConfig({ type, config: { ...config, seed: 99 } }), 8, trainingContext())).not.toEqual(first);
  });

  it('draws for each image by itself', () => {
    const same = tf.tile(inputsOf(layer, 1)[0]!, [16, 1, 1, 1]);
    if (layer.inputCount !== undefined) return;
    const output = tf.tidy(() => outputsOf(layer.call({}, [same], trainingContext()))[0]!.arraySync()) as unknown[];
    const kinds = new Set(output.map((one) => JSON.stringify(one))).size;
    expect(kinds).toBeGreaterThan(['RandomFlip', 'RandomGrayscale', 'RandomInvert'].includes(layer.type) ? 1 : 2);
  });

  it('hands images on in use', () => {
    const inputs = inputsOf(layer, 2);
    const outputs = tf.tidy(() => outputsOf(layer.call({}, inputs, stillContext)).map((output) => output.dataSync()));
    if (layer.type === 'RandomCrop') expect(outputs[0]).toHaveLength(2 * 3 * 4 * 3);
    else outputs.forEach((output, index) => expectAllClose(output, inputs[index]!));
  });
});
