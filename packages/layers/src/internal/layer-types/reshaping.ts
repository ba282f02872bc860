import { cropping1d } from '../../reshaping/cropping1d.js';
import { cropping2d } from '../../reshaping/cropping2d.js';
import { cropping3d } from '../../reshaping/cropping3d.js';
import { flatten } from '../../reshaping/flatten.js';
import { permute } from '../../reshaping/permute.js';
import { repeatVector } from '../../reshaping/repeat-vector.js';
import { reshape } from '../../reshaping/reshape.js';
import { upSampling1d } from '../../reshaping/up-sampling1d.js';
import { upSampling2d } from '../../reshaping/up-sampling2d.js';
import { upSampling3d } from '../../reshaping/up-sampling3d.js';
import { zeroPadding1d } from '../../reshaping/zero-padding1d.js';
import { zeroPadding2d } from '../../reshaping/zero-padding2d.js';
import { zeroPadding3d } from '../../reshaping/zero-padding3d.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that move values without changing them. */
export const RESHAPING_TYPES: LayerTypes = {
  Cropping1D: layerType(cropping1d, 'cropping'),
  Cropping2D: layerType(cropping2d, 'cropping'),
  Cropping3D: layerType(cropping3d, 'cropping'),
  Flatten: layerType(flatten),
  Permute: layerType(permute, 'dims'),
  RepeatVector: layerType(repeatVector, 'n'),
  Reshape: layerType(reshape, 'targetShape'),
  UpSampling1D: layerType(upSampling1d, 'size'),
  UpSampling2D: layerType(upSampling2d, 'size'),
  UpSampling3D: layerType(upSampling3d, 'size'),
  ZeroPadding1D: layerType(zeroPadding1d, 'padding'),
  ZeroPadding2D: layerType(zeroPadding2d, 'padding'),
  ZeroPadding3D: layerType(zeroPadding3d, 'padding'),
};
