import { safetensorsPieces } from '@gradstream/formats/safetensors';
import type { Model } from '@gradstream/layers';
import type { ExportedFile, Exporter } from '../exporter.js';

/** Writes a model's weights, exact to the bit, by their paths: one file `model.safetensors`. The way back is `importWeights`. */
export const safetensors: Exporter = {
  format: 'safetensors',
  async export(model: Model): Promise<readonly ExportedFile[]> {
    return [{ name: 'model.safetensors', pieces: safetensorsPieces(Object.entries(await model.getWeights())) }];
  },
};
