import { GradstreamError } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import type { ExportedFile, Exporter } from '../exporter.js';

/** A protobuf message ends at 2 GiB; this leaves room for what is not weights. */
const MAX_WEIGHT_BYTES = 1.8e9;

/**
 * Writes a model as a TensorFlow SavedModel for inference: one file `saved_model.pb` with the weights as constants, tag `serve`, signature
 * `serving_default`. Its inputs have the names of the model's inputs, its outputs have the names of the model's outputs; the batch may have any size.
 * TensorFlow, TensorFlow Serving and `keras.layers.TFSMLayer` load it; it cannot be trained further.
 *
 * Throws `GS_EXPORT_LAYER` for a layer and `GS_EXPORT_ACTIVATION` for an activation that has no form in TensorFlow here, and `GS_EXPORT_SIZE`
 * for more than 1.8 GB of weights.
 */
export const savedModel: Exporter = {
  format: 'savedModel',
  async export(model: Model): Promise<readonly ExportedFile[]> {
    checkSize(model);
    const weights = await model.getWeights();
    // The messages of TensorFlow are loaded with the first export.
    const { savedModelFiles } = await import('./saved-model-files.js');
    return savedModelFiles(model, weights);
  },
};

function checkSize(model: Model): void {
  const bytes = model.parameterCount.total * 4;
  if (bytes <= MAX_WEIGHT_BYTES) return;
  throw new GradstreamError('GS_EXPORT_SIZE', {
    where: `exporters/savedModel "${model.name}"`,
    what: 'The model is too large for a file that holds graph and weights together',
    expected: `at most ${MAX_WEIGHT_BYTES / 1e9} GB of weights`,
    received: `${(bytes / 1e9).toFixed(2)} GB`,
    next: 'Save the weights as safetensors.',
  });
}
