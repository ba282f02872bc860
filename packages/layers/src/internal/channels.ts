import type { Shape } from '@gradstream/core';
import { checkRank, shapeError } from './shape-error.js';
import { SPATIAL_FORMS } from './spatial-forms.js';

/** The number of channels of an input [batch, ...spatial, channels]. Throws `GS_LAYER_SHAPE` for another number of dimensions and where it is not known. */
export function channelsOf(type: string, path: string, shape: Shape, rank: 1 | 2 | 3): number {
  checkRank(type, path, shape, rank + 2, SPATIAL_FORMS[rank]);
  const channels = shape.at(-1);
  if (typeof channels === 'number') return channels;
  throw shapeError(
    type,
    path,
    'The number of channels is not known',
    `${SPATIAL_FORMS[rank]} with a known last size`,
    shape,
    'Give the last dimension a size.',
  );
}
