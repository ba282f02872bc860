import { additiveAttention } from '../../attention/additive-attention.js';
import { attention } from '../../attention/attention.js';
import { groupedQueryAttention } from '../../attention/grouped-query-attention.js';
import { multiHeadAttention } from '../../attention/multi-head-attention.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that mix values by how queries and keys fit. */
export const ATTENTION_TYPES: LayerTypes = {
  AdditiveAttention: layerType(additiveAttention),
  Attention: layerType(attention),
  GroupQueryAttention: layerType(groupedQueryAttention, 'headDim', 'numQueryHeads', 'numKeyValueHeads'),
  MultiHeadAttention: layerType(multiHeadAttention, 'numHeads', 'keyDim'),
};
