import { elu } from '../activations/elu.js';
import { leakyRelu } from '../activations/leaky-relu.js';
import { prelu } from '../activations/prelu.js';
import { relu } from '../activations/relu.js';
import { softmax } from '../activations/softmax.js';
import { activation } from '../core/activation.js';
import { dense } from '../core/dense.js';
import { einsumDense } from '../core/einsum-dense.js';
import { embedding } from '../core/embedding.js';
import { identity } from '../core/identity.js';
import { lambda } from '../core/lambda.js';
import { masking } from '../core/masking.js';
import { activityRegularization } from '../regularization/activity-regularization.js';
import { dropout } from '../regularization/dropout.js';
import { layerType, type LayerTypes } from './layer-type.js';
import { CONVOLUTION_TYPES } from './layer-types/convolution.js';
import { MERGING_TYPES } from './layer-types/merging.js';
import { POOLING_TYPES } from './layer-types/pooling.js';
import { RESHAPING_TYPES } from './layer-types/reshaping.js';

/** How each layer is made of its config: the arguments that have places of their own, then the options. */
export const LAYER_TYPES: LayerTypes = {
  ...CONVOLUTION_TYPES,
  ...MERGING_TYPES,
  ...POOLING_TYPES,
  ...RESHAPING_TYPES,
  Activation: layerType(activation, 'activation'),
  ActivityRegularization: layerType(activityRegularization),
  Dense: layerType(dense, 'units'),
  Dropout: layerType(dropout, 'rate'),
  ELU: layerType(elu),
  EinsumDense: layerType(einsumDense, 'equation', 'outputShape'),
  Embedding: layerType(embedding, 'inputDim', 'outputDim'),
  Identity: layerType(identity),
  Lambda: layerType(lambda, 'f'),
  LeakyReLU: layerType(leakyRelu),
  Masking: layerType(masking),
  PReLU: layerType(prelu),
  ReLU: layerType(relu),
  Softmax: layerType(softmax),
};
