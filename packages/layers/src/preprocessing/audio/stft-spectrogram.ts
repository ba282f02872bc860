import { convolution } from '@gradstream/autodiff';
import { checkBoolean, checkChoice, checkNumber, type Json, type Shape } from '@gradstream/core';
import { stft, type StftOptions } from '@gradstream/initializers';
import {
  add,
  atan2,
  concat,
  log,
  maximum,
  pad,
  reshape,
  slice,
  sqrt,
  square,
  transpose,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { checkChannelsLast } from '../../internal/amounts.js';
import { checkRank, shapeError } from '../../internal/shape-error.js';
import { SPATIAL_FORMS } from '../../internal/spatial-forms.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

const MODES = ['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft'] as const;
type Mode = (typeof MODES)[number];

/** Options of `stftSpectrogram`. */
export interface StftSpectrogramOptions extends LayerOptions {
  /** What comes out: the logarithm of the magnitude (default), the magnitude, the power spectral density, a part, the angle, or both parts. */
  readonly mode?: Mode;
  /** How many samples a frame has. Default 256. */
  readonly frameLength?: number;
  /** From one frame to the next, at most a frame. Default: half of a frame. */
  readonly frameStep?: number;
  /** How many frequencies there are, at least a frame's samples. Default: the next power of two. */
  readonly fftLength?: number;
  /** The window of frames: as in the initializer `stft`. Default `hann`. */
  readonly window?: StftOptions['window'];
  /** Whether the window is periodic. Default false. */
  readonly periodic?: boolean;
  /** What the window is divided by. Default `density`; null for nothing. */
  readonly scaling?: StftOptions['scaling'];
  /** Whether frames go beyond the ends. Default `valid`: they do not. */
  readonly padding?: 'valid' | 'same';
  /** Keeps channels apart from frequencies, as a last dimension. Default false. */
  readonly expandDims?: boolean;
  /** Where the channels are. Default and only choice: `channelsLast`. */
  readonly dataFormat?: 'channelsLast';
}

const OWN = [
  ...[
    'mode',
    'frameLength',
    'frameStep',
    'fftLength',
    'window',
    'periodic',
    'scaling',
    'padding',
    'expandDims',
    'dataFormat',
  ],
] as const;
/** The smallest power and magnitude: those of Keras. */
const SMALLEST = 1e-7;

/**
 * A layer that makes spectrograms of signals: `[batch, samples, channels]` in, `[batch, frames, channels * frequencies]` out, or `[batch, frames, frequencies,
 * channels]` with `expandDims`; `fftLength / 2 + 1` frequencies, twice as many with `stft`.
 *
 * A convolution with two weights, `real_kernel` and `imag_kernel` `[frameLength, 1, frequencies]`, that start as a Fourier transform and can be trained. As Keras'
 * STFTSpectrogram.
 */
export function stftSpectrogram(options: StftSpectrogramOptions = {}): Layer {
  const where = 'layers/stftSpectrogram';
  const common = checkLayerOptions(where, options, OWN);
  const mode = checkChoice(where, 'mode', options.mode ?? 'log', MODES);
  const length = checkNumber(where, 'frameLength', options.frameLength ?? 256, { integer: true, min: 2 });
  const step = checkNumber(where, 'frameStep', options.frameStep ?? Math.floor(length / 2), {
    integer: true,
    min: 1,
    max: length,
  });
  const fft = checkNumber(where, 'fftLength', options.fftLength ?? 2 ** Math.ceil(Math.log2(length)), {
    integer: true,
    min: length,
  });
  const { window = 'hann', scaling = 'density' } = options;
  const periodic = checkBoolean(where, 'periodic', options.periodic ?? false);
  const padding = checkChoice(where, 'padding', options.padding ?? 'valid', ['valid', 'same']);
  const expandDims = checkBoolean(where, 'expandDims', options.expandDims ?? false);
  const dataFormat = checkChannelsLast(where, options.dataFormat);
  const sides = (['real', 'imag'] as const).filter((side) => mode !== (side === 'real' ? 'imag' : 'real'));
  const frequencies = Math.floor(fft / 2) + 1;
  const weights = sides.map((side) => ({
    name: `${side}_kernel`,
    shape: [length, 1, frequencies],
    initializer: stft({ side, window, scaling, periodic }),
  }));
  const rows = frequencies * (mode === 'stft' ? 2 : 1);
  return {
    type: 'STFTSpectrogram',
    ...common,
    build([inputShape], path): LayerBuild {
      const frames = framesOf(path, inputShape!, { length, step, padding });
      const [batch, , channels] = inputShape!;
      const outputShape = expandDims ? [batch!, frames, rows, channels!] : [batch!, frames, rows * channels!];
      return { outputShape, weights };
    },
    call(own, [x]): Tensor {
      const [batch, samples, channels] = x!.shape as [number, number, number];
      const signals = reshape(transpose(x!, [0, 2, 1]), [batch * channels, samples, 1]);
      const parts = sides.map((side) =>
        convolution({ x: signals, filter: own[`${side}_kernel`]!, strides: step, padding }),
      );
      const spectrum = spectrumOf(mode, parts);
      const [, frames, count] = spectrum.shape as [number, number, number];
      const apart = reshape(spectrum, [batch, channels, frames, count]);
      if (expandDims) return transpose(apart, [0, 2, 3, 1]);
      return reshape(transpose(apart, [0, 2, 1, 3]), [batch, frames, channels * count]);
    },
    toConfig: () =>
      layerConfig('STFTSpectrogram', common, {
        mode,
        frameLength: length,
        frameStep: options.frameStep ?? null,
        fftLength: options.fftLength ?? null,
        window: window as Json,
        periodic,
        scaling,
        padding,
        dataFormat,
        expandDims,
      }),
  };
}

function spectrumOf(mode: Mode, [first, second]: readonly Tensor[]): Tensor {
  if (mode === 'real' || mode === 'imag') return first!;
  if (mode === 'angle') return atan2(second!, first!);
  if (mode === 'stft') return concat([first!, second!], 2);
  const power = add(square(first!), square(second!));
  const [signals, frames, count] = power.shape as [number, number, number];
  if (mode === 'psd') {
    // All frequencies but the lowest and the highest stand for two.
    const inner = slice(power, [0, 0, 1], [signals, frames, count - 2]);
    return add(
      power,
      pad(inner, [
        [0, 0],
        [0, 0],
        [1, 1],
      ]),
    );
  }
  const magnitude = sqrt(maximum(power, SMALLEST));
  return mode === 'magnitude' ? magnitude : log(maximum(magnitude, SMALLEST));
}

function framesOf(
  path: string,
  shape: Shape,
  { length, step, padding }: { readonly length: number; readonly step: number; readonly padding: 'valid' | 'same' },
): number | null {
  checkRank('stftSpectrogram', path, shape, 3, SPATIAL_FORMS[1]);
  const [, samples, channels] = shape;
  if (channels === null || (padding === 'valid' && samples !== null && samples! < length)) {
    const next = 'Give signals of at least a frame, or choose padding: "same".';
    throw shapeError(
      'stftSpectrogram',
      path,
      'The signals are too short, or of unknown channels',
      `[batch, ${length} or more, channels]`,
      shape,
      next,
    );
  }
  if (samples === null) return null;
  return padding === 'same' ? Math.ceil(samples! / step) : Math.floor((samples! - length) / step) + 1;
}
