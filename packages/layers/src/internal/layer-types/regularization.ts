import { activityRegularization } from '../../regularization/activity-regularization.js';
import { alphaDropout } from '../../regularization/alpha-dropout.js';
import { dropout } from '../../regularization/dropout.js';
import { gaussianDropout } from '../../regularization/gaussian-dropout.js';
import { gaussianNoise } from '../../regularization/gaussian-noise.js';
import { spatialDropout1d } from '../../regularization/spatial-dropout1d.js';
import { spatialDropout2d } from '../../regularization/spatial-dropout2d.js';
import { spatialDropout3d } from '../../regularization/spatial-dropout3d.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that act while training alone. */
export const REGULARIZATION_TYPES: LayerTypes = {
  ActivityRegularization: layerType(activityRegularization),
  AlphaDropout: layerType(alphaDropout, 'rate'),
  Dropout: layerType(dropout, 'rate'),
  GaussianDropout: layerType(gaussianDropout, 'rate'),
  GaussianNoise: layerType(gaussianNoise, 'stddev'),
  SpatialDropout1D: layerType(spatialDropout1d, 'rate'),
  SpatialDropout2D: layerType(spatialDropout2d, 'rate'),
  SpatialDropout3D: layerType(spatialDropout3d, 'rate'),
};
