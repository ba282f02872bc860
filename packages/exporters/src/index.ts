// The public names of @gradstream/exporters: names only, one export a line.
export { byteLength, type ExportedFile, type Exporter } from './exporter.js';
export { importWeights, safetensors } from './safetensors/index.js';
export { savedModel } from './saved-model/index.js';
