export { readSafetensors, type Safetensors } from './read-safetensors.js';
export { toHostArray, type SafetensorsDtype, type SafetensorsTensor } from './safetensors-tensor.js';
export { safetensorsPieces, writeSafetensors, type NamedTensors } from './write-safetensors.js';
