import { checkBoolean, checkChoice, checkNumber, type Shape } from '@gradstream/core';
import {
  add,
  gather,
  log,
  matMul,
  max,
  maximum,
  mul,
  pow,
  reshape,
  sqrt,
  square,
  sub,
  tensor,
  transpose,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { melMatrix } from '../../internal/mel-matrix.js';
import { checkRank, shapeError } from '../../internal/shape-error.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/** Options of `melSpectrogram`. */
export interface MelSpectrogramOptions extends LayerOptions {
  /** How many samples a transform has, filled up with zeros around the window. Default 2048. */
  readonly fftLength?: number;
  /** From one frame to the next. Default 512. */
  readonly sequenceStride?: number;
  /** How many samples the window has, at most a transform's. Default: as many. */
  readonly sequenceLength?: number;
  /** Default `hann`. */
  readonly window?: 'hann' | 'hamming';
  /** Samples a second. Default 16000. */
  readonly samplingRate?: number;
  /** How many bands there are. Default 128. */
  readonly numMelBins?: number;
  /** Where the bands begin, in hertz. Default 20. */
  readonly minFreq?: number;
  /** Where they end. Default: half of the sampling rate. */
  readonly maxFreq?: number;
  /** Whether powers are put in decibels. Default true. */
  readonly powerToDb?: boolean;
  /** How far below the largest value of the whole batch decibels are cut off. Default 80. */
  readonly topDb?: number;
  /** The power of magnitudes that goes into the bands: 2 (default) for power, 1 for magnitude. */
  readonly magExp?: number;
  /** No power is smaller. Default 1e-10. */
  readonly minPower?: number;
  /** The power that has 0 decibels. Default 1. */
  readonly refPower?: number;
}

const OWN = [
  ...['fftLength', 'sequenceStride', 'sequenceLength', 'window', 'samplingRate', 'numMelBins', 'minFreq', 'maxFreq'],
  ...['powerToDb', 'topDb', 'magExp', 'minPower', 'refPower'],
] as const;

/**
 * A layer that makes mel spectrograms of signals: `[batch, samples]` in, `[batch, numMelBins, frames]` out, `floor(samples / sequenceStride) + 1` frames where
 * `fftLength` is even. Signals are mirrored at their ends.
 *
 * Products with fixed matrices, of cosines, sines and bands: any backend has them. As Keras' MelSpectrogram, where `topDb` looks at the largest value of the batch.
 */
export function melSpectrogram(options: MelSpectrogramOptions = {}): Layer {
  const where = 'layers/melSpectrogram';
  const common = checkLayerOptions(where, options, OWN);
  const count = (name: string, value: unknown, min = 1, most = Number.POSITIVE_INFINITY): number =>
    checkNumber(where, name, value, { integer: true, min, max: most });
  const fft = count('fftLength', options.fftLength ?? 2048, 2);
  const stride = count('sequenceStride', options.sequenceStride ?? 512);
  const length = count('sequenceLength', options.sequenceLength ?? fft, 2, fft);
  const window = checkChoice(where, 'window', options.window ?? 'hann', ['hann', 'hamming']);
  const rate = checkNumber(where, 'samplingRate', options.samplingRate ?? 16_000, { min: 0, exclusive: 'min' });
  const mels = count('numMelBins', options.numMelBins ?? 128);
  const low = checkNumber(where, 'minFreq', options.minFreq ?? 20, { min: 0 });
  const high = checkNumber(where, 'maxFreq', options.maxFreq ?? Math.floor(rate / 2), { min: low, exclusive: 'min' });
  const powerToDb = checkBoolean(where, 'powerToDb', options.powerToDb ?? true);
  const topDb = checkNumber(where, 'topDb', options.topDb ?? 80, { min: 0 });
  const magExp = checkNumber(where, 'magExp', options.magExp ?? 2, { min: 0, exclusive: 'min' });
  const minPower = checkNumber(where, 'minPower', options.minPower ?? 1e-10, { min: 0, exclusive: 'min' });
  const refPower = checkNumber(where, 'refPower', options.refPower ?? 1);
  const bins = Math.floor(fft / 2) + 1;
  let waves: readonly [Float32Array, Float32Array] | undefined;
  return {
    type: 'MelSpectrogram',
    ...common,
    build([inputShape], path): LayerBuild {
      checkRank('melSpectrogram', path, inputShape!, 2, '[batch, samples]');
      const [batch, samples] = inputShape!;
      const frames = samples === null ? null : framesOf(path, inputShape!, fft, stride);
      return { outputShape: [batch!, mels, frames], weights: [] };
    },
    call(_, [x]): Tensor {
      const [batch, samples] = x!.shape as [number, number];
      const frames = framesOf('melSpectrogram', x!.shape, fft, stride);
      waves ??= wavesOf(fft, length, window);
      const index = tensor(frameIndex(samples, frames, fft, stride), [frames * fft], 'int32');
      const rows = reshape(gather(x!, index, 1), [batch * frames, fft]);
      const [real, imaginary] = waves.map((wave) => matMul(rows, tensor(wave, [fft, bins]))) as [Tensor, Tensor];
      const power = add(square(real), square(imaginary));
      const weighed = magExp === 2 ? power : pow(sqrt(power), magExp);
      const bands = matMul(weighed, tensor(melMatrix(bins, mels, rate, [low, high]), [bins, mels]));
      const scaled = powerToDb ? decibels(bands, { topDb, minPower, refPower }) : bands;
      return transpose(reshape(scaled, [batch, frames, mels]), [0, 2, 1]);
    },
    toConfig: () =>
      layerConfig('MelSpectrogram', common, {
        ...{
          fftLength: fft,
          sequenceStride: stride,
          sequenceLength: length,
          window,
          samplingRate: rate,
          numMelBins: mels,
        },
        ...{ minFreq: low, maxFreq: high, powerToDb, topDb, magExp, minPower, refPower },
      }),
  };
}

function decibels(
  x: Tensor,
  { topDb, minPower, refPower }: { readonly topDb: number; readonly minPower: number; readonly refPower: number },
): Tensor {
  const scale = 10 / Math.LN10;
  const level = sub(mul(log(maximum(x, minPower)), scale), scale * Math.log(Math.max(Math.abs(refPower), minPower)));
  return maximum(level, sub(max(level), topDb));
}

/** Cosines and sines of all frequencies, in the window in the middle of a transform: `[fft, fft / 2 + 1]` each. */
function wavesOf(fft: number, length: number, window: 'hann' | 'hamming'): readonly [Float32Array, Float32Array] {
  const bins = Math.floor(fft / 2) + 1;
  const before = Math.floor((fft - length) / 2);
  const [middle, swing] = window === 'hann' ? [0.5, 0.5] : [0.54, 0.46];
  // Of even length, windows are periodic; of odd length TensorFlow's are symmetric all the same.
  const period = length % 2 === 0 ? length : length - 1;
  const wave = (turn: (x: number) => number): Float32Array =>
    Float32Array.from({ length: fft * bins }, (_, place) => {
      const [sample, frequency] = [Math.floor(place / bins), place % bins];
      const at = sample - before;
      if (at < 0 || at >= length) return 0;
      // The product is reduced first: large angles lose their digits.
      return (
        (middle - swing * Math.cos((2 * Math.PI * at) / period)) *
        turn((2 * Math.PI * ((sample * frequency) % fft)) / fft)
      );
    });
  return [wave(Math.cos), wave((x) => -Math.sin(x))];
}

/** The sample at each place of each frame, mirrored at the ends of the signal. */
function frameIndex(samples: number, frames: number, fft: number, stride: number): Int32Array {
  const before = Math.floor(fft / 2);
  return Int32Array.from({ length: frames * fft }, (_, place) => {
    const at = Math.abs(Math.floor(place / fft) * stride + (place % fft) - before);
    return at < samples ? at : 2 * (samples - 1) - at;
  });
}

function framesOf(path: string, shape: Shape, fft: number, stride: number): number {
  const samples = shape[1]!;
  const before = Math.floor(fft / 2);
  if (samples > before) return Math.floor((samples + 2 * before - fft) / stride) + 1;
  const next = 'Give longer signals, or a shorter fftLength.';
  throw shapeError(
    'melSpectrogram',
    path,
    'The signals are too short to be mirrored',
    `[batch, more than ${before}]`,
    shape,
    next,
  );
}
