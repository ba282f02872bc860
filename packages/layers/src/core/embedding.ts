import { checkBoolean, checkNumber, type Config } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import { cast, gather, notEqual, type Tensor } from '@tensorflow/tfjs-core';
import { partConfig } from '../internal/part-config.js';
import { weightParts } from '../internal/weight-parts.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';

/** Options of `embedding`. */
export interface EmbeddingOptions extends LayerOptions {
  /** Default `randomUniform`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: string | Config | Initializer;
  readonly embeddingsRegularizer?: string | Config | Regularizer;
  readonly embeddingsConstraint?: string | Config | Constraint;
  /** Whether the number 0 stands for nothing: later layers get a mask. Default false. */
  readonly maskZero?: boolean;
}

/**
 * A layer that looks up a vector for each whole number from 0 to `inputDim - 1`: `[batch, ...]` in, `[batch, ..., outputDim]` out.
 *
 * Fractions are cut off, as in Keras; give the model's input `dtype: 'int32'`. Only the rows that were looked up have a gradient.
 */
export function embedding(inputDim: number, outputDim: number, options: EmbeddingOptions = {}): Layer {
  const where = 'layers/embedding';
  checkNumber(where, 'inputDim', inputDim, { min: 1, integer: true });
  checkNumber(where, 'outputDim', outputDim, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, [
    'embeddingsInitializer',
    'embeddingsRegularizer',
    'embeddingsConstraint',
    'maskZero',
  ]);
  const maskZero = checkBoolean(where, 'maskZero', options.maskZero ?? false);
  const table = weightParts(
    'embeddings',
    options.embeddingsInitializer ?? 'randomUniform',
    options.embeddingsRegularizer,
    options.embeddingsConstraint,
  );
  return {
    type: 'Embedding',
    ...common,
    inputDtype: 'any',
    build: ([inputShape]): LayerBuild => ({
      outputShape: [...inputShape!, outputDim],
      weights: [{ ...table, shape: [inputDim, outputDim] }],
    }),
    call: ({ embeddings }, [x]): Tensor => gather(embeddings!, cast(x!, 'int32')),
    ...(maskZero ? { computeMask: ([x]: readonly Tensor[]): Mask => notEqual(x!, 0) } : {}),
    toConfig: () =>
      layerConfig('Embedding', common, {
        inputDim,
        outputDim,
        embeddingsInitializer: partConfig(where, 'embeddingsInitializer', table.initializer),
        embeddingsRegularizer: partConfig(where, 'embeddingsRegularizer', table.regularizer),
        embeddingsConstraint: partConfig(where, 'embeddingsConstraint', table.constraint),
        maskZero,
      }),
  };
}
