import { equal, floor, mul, reshape, where, type Tensor } from '@tensorflow/tfjs-core';
import type { Draws } from '../draws.js';
import { adjustBrightness, adjustColour, adjustContrast, adjustSharpness, posterize, solarize } from './adjustments.js';
import { equalize } from './histogram.js';
import { projectImages, type Entry, type Projection } from './project-images.js';
import { randomRotations, randomShears, randomTranslations } from './random-projections.js';
import type { Sampling } from './sample-pixels.js';
import { stretch } from './stretch.js';
import { chooseImages, type ValueRange } from './value-range.js';

/** How strong changes are, and the images they are made for. */
export interface Augmentation {
  readonly factor: readonly [number, number];
  readonly valueRange: ValueRange;
  readonly interpolation: Sampling['interpolation'];
}

type Move = (x: Tensor, draws: Draws, range: readonly [number, number]) => Projection;
type Change = (x: Tensor, draws: Draws, augmentation: Augmentation) => Tensor;

/** What moves pixels: one sampling does for whichever of them was drawn. */
const MOVES: Readonly<Record<string, Move>> = {
  shear: (x, draws, range) => randomShears(x, draws, range, range),
  translation: (x, draws, range) => randomTranslations(x, draws, range, range),
  rotation: randomRotations,
};

const CHANGES: Readonly<Record<string, Change>> = {
  posterization: (x, draws, { factor, valueRange }) =>
    posterize(x, draws, [1, Math.max(1, Math.trunc(8 * factor[1]))], valueRange),
  solarization: (x, draws, { factor, valueRange }) =>
    solarize(x, draws, { addition: factor, threshold: factor }, valueRange),
  autoContrast: (x, _, { valueRange }) => stretch(x, valueRange),
  equalization: (x, _, { valueRange }) => equalize(x, valueRange, 256),
  brightness: (x, draws, { factor, valueRange }) => adjustBrightness(x, draws, factor, valueRange),
  colour: (x, draws, { factor, valueRange }) => adjustColour(x, draws, factor, valueRange),
  contrast: (x, draws, { factor, valueRange }) => adjustContrast(x, draws, factor, valueRange),
  sharpness: (x, draws, { factor, valueRange }) => adjustSharpness(x, draws, factor, valueRange),
};

/** What can be done to an image. The last four change its values beyond what a threshold or a histogram says. */
export const AUGMENTATIONS: readonly string[] = [...Object.keys(MOVES), ...Object.keys(CHANGES)];

/** Does one of these to each image, or one of these and nothing, drawn for each. Which one was drawn is never read back: all are computed. */
export function augment(
  x: Tensor,
  draws: Draws,
  augmentation: Augmentation,
  { names, orNothing }: { readonly names: readonly string[]; readonly orNothing: boolean },
): Tensor {
  const drawn = floor(mul(draws.uniform('which', [x.shape[0]!]), names.length + (orNothing ? 1 : 0)));
  const chosen = (name: string): Tensor => equal(drawn, names.indexOf(name));
  const { factor, interpolation } = augmentation;
  const sampling: Sampling = { interpolation, fillMode: 'reflect', fillValue: 0 };
  const still: Projection = { a: [1, 0, 0], b: [0, 1, 0] };
  const projection = Object.entries(MOVES).reduce(
    (others, [name, move]) => choose(chosen(name), move(x, draws.of(name), factor), others),
    still,
  );
  return Object.entries(CHANGES)
    .filter(([name]) => names.includes(name))
    .reduce(
      (images, [name, change]) => chooseImages(chosen(name), change(x, draws.of(name), augmentation), images),
      projectImages(x, projection, sampling),
    );
}

/** One transform or another for each image. */
function choose(choice: Tensor, yes: Projection, no: Projection): Projection {
  const each = reshape(choice, [choice.size, 1, 1]);
  const entry = (a: Entry, b: Entry): Entry => (a === b ? a : where(each, a, b));
  const row = (a: Projection['a'], b: Projection['a']): Projection['a'] => [
    entry(a[0], b[0]),
    entry(a[1], b[1]),
    entry(a[2], b[2]),
  ];
  return { a: row(yes.a, no.a), b: row(yes.b, no.b) };
}
