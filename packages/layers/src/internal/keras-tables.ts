import type { KerasTables } from '@gradstream/core';

/** What the conversion of layers to Keras' JSON and back has to know beside the words. */
export const LAYER_TABLES: KerasTables = {
  beside: ['build_config', 'inbound_nodes', 'name', 'compile_config'],
  modules: { DTypePolicy: 'keras' },
};
