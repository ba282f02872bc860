import { checkBoolean, checkNumber, GradstreamError, type Config, type Shape } from '@gradstream/core';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import { div, gather, matMul, mul, notEqual, reshape, tanh, type Tensor } from '@tensorflow/tfjs-core';
import { partConfig } from '../internal/part-config.js';
import { shapeError } from '../internal/shape-error.js';
import { weightParts } from '../internal/weight-parts.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';

/** Options of `reversibleEmbedding`. */
export interface ReversibleEmbeddingOptions extends LayerOptions {
  /** Goes back by the same weights. With false a weight `reverse_embeddings`, `[outputDim, inputDim]`, is of its own. Default true. */
  readonly tieWeights?: boolean;
  /** Default `randomUniform`: from -0.05 to 0.05. */
  readonly embeddingsInitializer?: string | Config | Initializer;
  readonly embeddingsRegularizer?: string | Config | Regularizer;
  readonly embeddingsConstraint?: string | Config | Constraint;
  /** Whether the number 0 stands for nothing: layers behind the vectors get a mask. Default false. */
  readonly maskZero?: boolean;
  /** What the way back is computed in: `float32`, the one that all backends have. */
  readonly reverseDtype?: 'float32';
  /** Bounds the logits: `tanh(logits / logitSoftCap) * logitSoftCap`. Default: no bound. */
  readonly logitSoftCap?: number;
}

const OWN = [
  'tieWeights',
  'embeddingsInitializer',
  'embeddingsRegularizer',
  'embeddingsConstraint',
  'maskZero',
  'reverseDtype',
  'logitSoftCap',
] as const;

/**
 * A layer that looks up a vector for each whole number, and goes back from vectors to logits of the whole numbers with the same weights: for language models.
 *
 * What it is given decides: whole numbers (int32) `[batch, ...]` from 0 to `inputDim - 1` become vectors `[batch, ..., outputDim]`; vectors `[batch, ..., outputDim]` of
 * fractions become logits `[batch, ..., inputDim]`, their products with the vectors of all numbers. Apply the one layer twice; in Keras the second call says `reverse=True`.
 * Give the model's input `dtype: 'int32'`. No bias. Throws `GS_LAYER_SHAPE` for fractions of another width. Source: Press, Wolf, arXiv:1608.05859.
 */
export function reversibleEmbedding(
  inputDim: number,
  outputDim: number,
  options: ReversibleEmbeddingOptions = {},
): Layer {
  const where = 'layers/reversibleEmbedding';
  checkNumber(where, 'inputDim', inputDim, { min: 1, integer: true });
  checkNumber(where, 'outputDim', outputDim, { min: 1, integer: true });
  const common = checkLayerOptions(where, options, OWN);
  const tieWeights = checkBoolean(where, 'tieWeights', options.tieWeights ?? true);
  const maskZero = checkBoolean(where, 'maskZero', options.maskZero ?? false);
  const { logitSoftCap, reverseDtype, embeddingsInitializer = 'randomUniform' } = options;
  if (logitSoftCap !== undefined) checkNumber(where, 'logitSoftCap', logitSoftCap, { min: 0, exclusive: 'min' });
  checkDtype(where, reverseDtype);
  const table = weightParts(
    'embeddings',
    embeddingsInitializer,
    options.embeddingsRegularizer,
    options.embeddingsConstraint,
  );
  const back = weightParts('reverse_embeddings', table.initializer, undefined, undefined);
  return {
    type: 'ReversibleEmbedding',
    ...common,
    inputDtype: 'any',
    build([inputShape], path, [dtype] = ['int32']): LayerBuild {
      if (dtype === 'float32') checkWidth(path, inputShape!, outputDim);
      return {
        outputShape: dtype === 'float32' ? [...inputShape!.slice(0, -1), inputDim] : [...inputShape!, outputDim],
        weights: [
          { ...table, shape: [inputDim, outputDim] },
          ...(tieWeights ? [] : [{ ...back, shape: [outputDim, inputDim] }]),
        ],
      };
    },
    call({ embeddings, reverse_embeddings: reverse }, [x]): Tensor {
      if (x!.dtype !== 'float32') return gather(embeddings!, x!);
      const rows = reshape(x!, [-1, outputDim]);
      const product = reverse === undefined ? matMul(rows, embeddings!, false, true) : matMul(rows, reverse);
      const logits = reshape(product, [...x!.shape.slice(0, -1), inputDim]);
      return logitSoftCap === undefined ? logits : mul(tanh(div(logits, logitSoftCap)), logitSoftCap);
    },
    ...(maskZero
      ? { computeMask: ([x]: readonly Tensor[]): Mask => (x!.dtype === 'float32' ? undefined : notEqual(x!, 0)) }
      : {}),
    toConfig: () =>
      layerConfig('ReversibleEmbedding', common, {
        inputDim,
        outputDim,
        embeddingsInitializer: partConfig(where, 'embeddingsInitializer', table.initializer),
        embeddingsRegularizer: partConfig(where, 'embeddingsRegularizer', table.regularizer),
        embeddingsConstraint: partConfig(where, 'embeddingsConstraint', table.constraint),
        maskZero,
        tieWeights,
        reverseDtype: reverseDtype ?? null,
        logitSoftCap: logitSoftCap ?? null,
      }),
  };
}

function checkDtype(where: string, dtype: unknown): void {
  if (dtype === undefined || dtype === 'float32') return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "reverseDtype" has a value that cannot be used',
    expected: '"float32"',
    received: String(dtype),
    next: 'Leave it out.',
  });
}

function checkWidth(path: string, shape: Shape, outputDim: number): void {
  if (shape.length >= 2 && shape.at(-1) === outputDim) return;
  throw shapeError(
    'reversibleEmbedding',
    path,
    'The input is neither whole numbers nor vectors of this layer',
    `int32, or fractions [batch, ..., ${outputDim}]`,
    shape,
    "To look vectors up give the input dtype: 'int32'; to go back bring vectors to that width.",
  );
}
