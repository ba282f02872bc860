export { savedModel } from './saved-model.js';
