export * from '../index.js';
export { loadWeights, saveModel } from '@gradstream/exporters/node';
export { folderCheckpoints } from '@gradstream/trainer/node';
// These take the place of the two of the same name that run anywhere: files are at hand here.
export * as callbacks from './callbacks.js';
export * as datasets from './datasets.js';
