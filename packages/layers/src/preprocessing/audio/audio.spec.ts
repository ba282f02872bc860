import '@tensorflow/tfjs-backend-cpu';
import { registerGradients } from '@gradstream/autodiff';
import { checkLayer, expectAllClose, outputOf } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { stillContext } from '../../../fixtures/contexts.js';
import { layerProofs } from '../../../fixtures/mel-cases.js';
import { layerFromConfig } from '../../layer-from-config.js';
import { melSpectrogram } from './mel-spectrogram.js';
import { stftSpectrogram } from './stft-spectrogram.js';

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

const signals = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, index) => Math.sin(index ** 1.3)),
    shape,
  );

describe('melSpectrogram', () => {
  it.each(layerProofs.map((proof, index) => [index, proof] as const))(
    'has the numbers of Keras: case %i',
    (_, proof) => {
      const before = tf.memory().numTensors;
      proof.run(false);
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each([{ powerToDb: false }, { powerToDb: false, magExp: 4, window: 'hamming', sequenceLength: 12 }] as const)(
    'keeps what it says: %j',
    (options) => {
      const layer = melSpectrogram({ fftLength: 16, sequenceStride: 8, numMelBins: 4, ...options });
      checkLayer(layer, {
        inputs: [signals(2, 24)],
        weight: (shape) => tf.zeros([...shape]),
        context: stillContext,
        restore: layerFromConfig,
        // Fourth powers are too large for differences in float32.
        gradients: !('magExp' in options),
      });
    },
  );
});

describe('stftSpectrogram', () => {
  it.each(['magnitude', 'psd', 'stft', 'real'] as const)('keeps what it says: %s', (mode) => {
    const layer = stftSpectrogram({ mode, frameLength: 4, window: null, scaling: null, expandDims: true });
    const weight = (shape: readonly number[]): tf.Tensor => tf.add(signals(...shape), 0.1);
    checkLayer(layer, {
      inputs: [signals(2, 9, 1)],
      weight,
      context: stillContext,
      restore: layerFromConfig,
      trains: false,
      // Where a magnitude is next to 0, differences are not its slope; its gradients are compared with Keras'.
      gradients: mode !== 'magnitude',
    });
  });

  it('starts as a Fourier transform', () => {
    const layer = stftSpectrogram({ mode: 'magnitude', frameLength: 16, fftLength: 16, window: null, scaling: null });
    tf.tidy(() => {
      const weights = Object.fromEntries(
        layer
          .build([[null, 16, 1]], 's')
          .weights.map(({ name, shape, initializer }) => [name, initializer(shape, { low: 1, high: 1 })]),
      );
      const tone = tf.tensor(
        Float32Array.from({ length: 16 }, (_, time) => Math.cos((2 * Math.PI * 3 * time) / 16)),
        [1, 16, 1],
      );
      const expected = Array.from({ length: 9 }, (_, frequency) => (frequency === 3 ? 8 : Math.sqrt(1e-7)));
      expectAllClose(outputOf(layer.call(weights, [tone], stillContext)), expected, { absolute: 1e-5 });
    });
  });
});

it.each([
  ['short signals', () => melSpectrogram().build([[null, 900]], 'm'), /GS_LAYER_SHAPE/],
  ['signals with channels', () => melSpectrogram().build([[null, 9000, 1]], 'm'), /GS_LAYER_SHAPE/],
  ['a window longer than a transform', () => melSpectrogram({ fftLength: 8, sequenceLength: 9 }), /GS_OPTION_VALUE/],
  ['bands that end before they begin', () => melSpectrogram({ minFreq: 10, maxFreq: 5 }), /GS_OPTION_VALUE/],
  ['a step beyond a frame', () => stftSpectrogram({ frameLength: 4, frameStep: 5 }), /GS_OPTION_VALUE/],
  ['fewer frequencies than samples', () => stftSpectrogram({ frameLength: 4, fftLength: 2 }), /GS_OPTION_VALUE/],
  ['another mode', () => stftSpectrogram({ mode: 'power' as never }), /GS_OPTION_VALUE/],
  ['signals shorter than a frame', () => stftSpectrogram().build([[null, 9, 1]], 's'), /GS_LAYER_SHAPE/],
])('refuses %s', (_, define, message) => {
  expect(define).toThrow(message);
});
