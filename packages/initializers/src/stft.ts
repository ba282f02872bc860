import {
  checkBoolean,
  checkChoice,
  checkOptions,
  describeShape,
  describeValue,
  GradstreamError,
} from '@gradstream/core';
import { tensor } from '@tensorflow/tfjs-core';
import { checkWeightShape } from './internal/check-weight-shape.js';
import { isWindowName, windowValues } from './internal/window-values.js';
import type { Initializer } from './initializer.js';

const SIDES = ['real', 'imag'] as const;
const SCALINGS = ['density', 'spectrum'] as const;

/** Options of `stft`. */
export interface StftOptions {
  /** The real or the imaginary part of the transform. Default `real`. */
  readonly side?: (typeof SIDES)[number];
  /** The name of a window of SciPy that needs no numbers (`hann`, `hamming`, `blackman` and so on), its values, or null for none. Default `hann`. */
  readonly window?: string | readonly number[] | null;
  /** What the window is divided by: the root of the sum of its squares, the sum of its absolute values, or nothing (null). Default `density`. */
  readonly scaling?: (typeof SCALINGS)[number] | null;
  /** Whether a window that is named goes on periodically, or is symmetric. Default false. */
  readonly periodic?: boolean;
}

/**
 * The kernel of a short-time Fourier transform: `cos(-2 pi t f / n) * window(t)`, or the sine of it for the imaginary part.
 *
 * For a weight of shape `[T, 1, n / 2 + 1]`: T samples of a frame by half of the n frequencies, the other half being their conjugates. The initializer
 * reads no key. It throws `GS_INITIALIZER_SHAPE` for another shape, for a window of another length, and where the window is 0 everywhere, for which
 * Keras gives NaN. The windows are those of SciPy, `scipy.signal.windows`.
 */
export function stft(options: StftOptions = {}): Initializer {
  const where = 'initializers/stft';
  checkOptions(where, options, ['side', 'window', 'scaling', 'periodic']);
  const side = checkChoice(where, 'side', options.side ?? 'real', SIDES);
  const window = checkWindow(where, options.window === undefined ? 'hann' : options.window);
  const given = options.scaling === undefined ? 'density' : options.scaling;
  const scaling = given === null ? null : checkChoice(where, 'scaling', given, SCALINGS);
  const periodic = checkBoolean(where, 'periodic', options.periodic ?? false);
  const initialize = (shape: readonly number[]): ReturnType<Initializer> => {
    checkWeightShape(where, shape);
    const [length, channels, frequencies] = shape as readonly [number, number, number];
    if (shape.length !== 3 || channels !== 1 || frequencies < 2)
      throw refuse(where, 'a shape [samples, 1, frequencies], at least two frequencies', describeShape(shape));
    const weights = scaledWindow(where, length, { window, scaling, periodic });
    const wave = side === 'real' ? Math.cos : Math.sin;
    const values = Float32Array.from({ length: length * frequencies }, (_, index) => {
      const [time, frequency] = [Math.floor(index / frequencies), index % frequencies];
      return weights[time]! * wave((-2 * Math.PI * time * frequency) / (2 * (frequencies - 1)));
    });
    return tensor(values, [...shape], 'float32');
  };
  return Object.assign(initialize, { config: { type: 'STFT', config: { side, window, scaling, periodic } } });
}

function scaledWindow(
  where: string,
  length: number,
  { window, scaling, periodic }: Pick<Required<StftOptions>, 'window' | 'scaling' | 'periodic'>,
): readonly number[] {
  if (window === null) return Array.from({ length }, () => 1);
  const values = typeof window === 'string' ? windowValues(window, length, periodic) : window;
  if (values.length !== length)
    throw refuse(where, `a window of ${length} values for these samples`, `${values.length} values`);
  if (scaling === null || length === 0) return values;
  const sum = values.reduce((total, value) => total + (scaling === 'density' ? value * value : Math.abs(value)), 0);
  if (sum === 0) throw refuse(where, 'a window that is not 0 everywhere', describeValue(values));
  return values.map((value) => value / (scaling === 'density' ? Math.sqrt(sum) : sum));
}

function refuse(where: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_INITIALIZER_SHAPE', {
    where,
    what: 'The kernel of a Fourier transform cannot have this shape',
    expected,
    received,
    next: 'Give the weight the shape [samples, 1, frequencies / 2 + 1], and the window as many values as there are samples.',
  });
}

function checkWindow(where: string, window: unknown): string | readonly number[] | null {
  if (window === null) return null;
  if (typeof window === 'string' && isWindowName(window)) return window;
  if (Array.isArray(window) && window.every((value) => Number.isFinite(value))) return window;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "window" has a value that cannot be used',
    expected: 'the name of a window of SciPy that needs no numbers, a list of finite numbers, or null',
    received: describeValue(window),
    next: 'Use "hann" or "hamming", or compute the values and pass them.',
  });
}
