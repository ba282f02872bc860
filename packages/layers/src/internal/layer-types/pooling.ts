import { adaptiveAveragePooling1d } from '../../pooling/adaptive-average-pooling1d.js';
import { adaptiveAveragePooling2d } from '../../pooling/adaptive-average-pooling2d.js';
import { adaptiveAveragePooling3d } from '../../pooling/adaptive-average-pooling3d.js';
import { adaptiveMaxPooling1d } from '../../pooling/adaptive-max-pooling1d.js';
import { adaptiveMaxPooling2d } from '../../pooling/adaptive-max-pooling2d.js';
import { adaptiveMaxPooling3d } from '../../pooling/adaptive-max-pooling3d.js';
import { averagePooling1d } from '../../pooling/average-pooling1d.js';
import { averagePooling2d } from '../../pooling/average-pooling2d.js';
import { averagePooling3d } from '../../pooling/average-pooling3d.js';
import { globalAveragePooling1d } from '../../pooling/global-average-pooling1d.js';
import { globalAveragePooling2d } from '../../pooling/global-average-pooling2d.js';
import { globalAveragePooling3d } from '../../pooling/global-average-pooling3d.js';
import { globalMaxPooling1d } from '../../pooling/global-max-pooling1d.js';
import { globalMaxPooling2d } from '../../pooling/global-max-pooling2d.js';
import { globalMaxPooling3d } from '../../pooling/global-max-pooling3d.js';
import { maxPooling1d } from '../../pooling/max-pooling1d.js';
import { maxPooling2d } from '../../pooling/max-pooling2d.js';
import { maxPooling3d } from '../../pooling/max-pooling3d.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that take one element of many. */
export const POOLING_TYPES: LayerTypes = {
  AdaptiveAveragePooling1D: layerType(adaptiveAveragePooling1d, 'outputSize'),
  AdaptiveAveragePooling2D: layerType(adaptiveAveragePooling2d, 'outputSize'),
  AdaptiveAveragePooling3D: layerType(adaptiveAveragePooling3d, 'outputSize'),
  AdaptiveMaxPooling1D: layerType(adaptiveMaxPooling1d, 'outputSize'),
  AdaptiveMaxPooling2D: layerType(adaptiveMaxPooling2d, 'outputSize'),
  AdaptiveMaxPooling3D: layerType(adaptiveMaxPooling3d, 'outputSize'),
  AveragePooling1D: layerType(averagePooling1d, 'poolSize'),
  AveragePooling2D: layerType(averagePooling2d, 'poolSize'),
  AveragePooling3D: layerType(averagePooling3d, 'poolSize'),
  GlobalAveragePooling1D: layerType(globalAveragePooling1d),
  GlobalAveragePooling2D: layerType(globalAveragePooling2d),
  GlobalAveragePooling3D: layerType(globalAveragePooling3d),
  GlobalMaxPooling1D: layerType(globalMaxPooling1d),
  GlobalMaxPooling2D: layerType(globalMaxPooling2d),
  GlobalMaxPooling3D: layerType(globalMaxPooling3d),
  MaxPooling1D: layerType(maxPooling1d, 'poolSize'),
  MaxPooling2D: layerType(maxPooling2d, 'poolSize'),
  MaxPooling3D: layerType(maxPooling3d, 'poolSize'),
};
