export * from '../index.js';
export { loadWeights, saveModel } from '@gradstream/exporters/node';
export { folderCheckpoints } from '@gradstream/trainer/node';
// These take the place of those of the same name that run anywhere: files and the machine's own devices are at hand here.
export * as callbacks from './callbacks.js';
export * as datasets from './datasets.js';
export { backendPlugins, doctor, useBackend } from './use-backend.js';
