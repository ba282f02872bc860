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
import { reversibleEmbedding } from '../core/reversible-embedding.js';
import { layerType, type LayerTypes } from './layer-type.js';
import { ATTENTION_TYPES } from './layer-types/attention.js';
import { CONVOLUTION_TYPES } from './layer-types/convolution.js';
import { MERGING_TYPES } from './layer-types/merging.js';
import { NORMALIZATION_TYPES } from './layer-types/normalization.js';
import { POOLING_TYPES } from './layer-types/pooling.js';
import { recurrentTypes } from './layer-types/recurrent.js';
import { REGULARIZATION_TYPES } from './layer-types/regularization.js';
import { PREPROCESSING_TYPES } from './layer-types/preprocessing.js';
import { RESHAPING_TYPES } from './layer-types/reshaping.js';

/** How each layer is made of its config: the arguments that have places of their own, then the options. */
export const LAYER_TYPES: LayerTypes = {
  ...ATTENTION_TYPES,
  ...CONVOLUTION_TYPES,
  ...MERGING_TYPES,
  ...NORMALIZATION_TYPES,
  ...POOLING_TYPES,
  ...REGULARIZATION_TYPES,
  ...PREPROCESSING_TYPES,
  ...RESHAPING_TYPES,
  Activation: layerType(activation, 'activation'),
  Dense: layerType(dense, 'units'),
  ...recurrentTypes,
  ELU: layerType(elu),
  EinsumDense: layerType(einsumDense, 'equation', 'outputShape'),
  Embedding: layerType(embedding, 'inputDim', 'outputDim'),
  Identity: layerType(identity),
  Lambda: layerType(lambda, 'f'),
  LeakyReLU: layerType(leakyRelu),
  Masking: layerType(masking),
  PReLU: layerType(prelu),
  ReLU: layerType(relu),
  ReversibleEmbedding: layerType(reversibleEmbedding, 'inputDim', 'outputDim'),
  Softmax: layerType(softmax),
};
