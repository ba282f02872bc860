import type { Layer } from '../layer.js';
import type { Model } from '../model.js';

/** True for a layer that is a model: it has a graph of its own. */
export const isModel = (layer: Layer): layer is Model => Array.isArray((layer as Partial<Model>).nodes);
