// The public names of @gradstream/exporters/node: names only, one export a line.
export { loadWeights } from './load-weights.js';
export { saveModel, type SavedTo, type SaveModelOptions } from './save-model.js';
