export { additiveAttention, type AdditiveAttentionOptions } from './additive-attention.js';
export { attention, type AttentionOptions } from './attention.js';
export { groupedQueryAttention, type GroupedQueryAttentionOptions } from './grouped-query-attention.js';
export { multiHeadAttention, type MultiHeadAttentionOptions } from './multi-head-attention.js';
