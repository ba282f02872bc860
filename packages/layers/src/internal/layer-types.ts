import { activation } from '../core/activation.js';
import { dense } from '../core/dense.js';
import { dropout } from '../regularization/dropout.js';
import { flatten } from '../reshaping/flatten.js';
import { layerType, type LayerTypes } from './layer-type.js';
import { recurrentTypes } from './layer-types/recurrent.js';

/** How each layer is made of its config: the arguments that have places of their own, then the options. */
export const LAYER_TYPES: LayerTypes = {
  Activation: layerType(activation, 'activation'),
  Dense: layerType(dense, 'units'),
  Dropout: layerType(dropout, 'rate'),
  Flatten: layerType(flatten),
  ...recurrentTypes,
};
