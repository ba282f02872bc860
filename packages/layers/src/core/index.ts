export { activation } from './activation.js';
export { dense, type DenseOptions } from './dense.js';
export { einsumDense, type EinsumDenseOptions } from './einsum-dense.js';
export { embedding, type EmbeddingOptions } from './embedding.js';
export { identity } from './identity.js';
export { input, type InputLayer, type InputOptions } from './input.js';
export { lambda, type LambdaFunction, type LambdaOptions } from './lambda.js';
export { masking, type MaskingOptions } from './masking.js';
export { reversibleEmbedding, type ReversibleEmbeddingOptions } from './reversible-embedding.js';
