import type { Config } from '@gradstream/core';
import { batchNormalization } from '../../normalization/batch-normalization.js';
import { groupNormalization } from '../../normalization/group-normalization.js';
import { layerNormalization } from '../../normalization/layer-normalization.js';
import { rmsNormalization } from '../../normalization/rms-normalization.js';
import { spectralNormalization } from '../../normalization/spectral-normalization.js';
import { unitNormalization } from '../../normalization/unit-normalization.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that bring values to a scale. */
export const NORMALIZATION_TYPES: LayerTypes = {
  BatchNormalization: layerType(batchNormalization),
  GroupNormalization: layerType(groupNormalization),
  LayerNormalization: layerType(layerNormalization),
  RMSNormalization: layerType(rmsNormalization),
  SpectralNormalization: ({ layer, ...rest }, inner) => spectralNormalization(inner(layer as unknown as Config), rest),
  UnitNormalization: layerType(unitNormalization),
};
