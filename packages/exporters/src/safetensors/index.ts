export { importWeights } from './import-weights.js';
export { safetensors } from './safetensors.js';
