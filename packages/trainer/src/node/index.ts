// The public names of @gradstream/trainer/node: names only, one export a line.
export { folderCheckpoints } from './folder-checkpoints.js';
export { readWeights, weightFiles } from './weight-files.js';
