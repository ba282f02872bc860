import { stopGradient } from '@gradstream/autodiff';
import { checkNumber, GradstreamError, type Shape } from '@gradstream/core';
import { truncatedNormal } from '@gradstream/initializers';
import * as tf from '@tensorflow/tfjs-core';
import { addPenalty } from '../internal/add-penalty.js';
import { checkIsLayer } from '../internal/check-is-layer.js';
import { innerConfig, innerContext, innerSpecs, innerWeights } from '../internal/inner-layer.js';
import { snakeCase } from '../internal/name-layers.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, WeightSpec } from '../layer.js';

/** Options of `spectralNormalization`. */
export interface SpectralNormalizationOptions extends LayerOptions {
  /** How many steps of the power iteration each training step takes. Default 1. */
  readonly powerIterations?: number;
}

/** The weights that are divided by their spectral norm, the first one that a layer has. */
const NORMALIZED = ['kernel', 'embeddings'];

/**
 * Divides a layer's `kernel` (or `embeddings`), read as a matrix `[rows, last dimension]`, by its largest singular value, which bounds how much the layer can
 * stretch its input.
 *
 * The singular value comes from a power iteration whose vector `vector_u`, `[1, last dimension]`, goes on from one training step to the next; gradients take the two
 * vectors as constants. A kernel of zeros stays. The layer's weights carry its name: `dense/kernel`. Keras writes the divided kernel into the weight in each training
 * step and uses the weight as it is otherwise; here the weight keeps its numbers and is divided in every call, also outside training, and the gradient goes
 * through the division. A training step of the same weights has the same output. Throws `GS_LAYER_WEIGHTS` for a layer without such a weight. Source: Miyato et
 * al., arXiv:1802.05957.
 */
export function spectralNormalization(layer: Layer, options: SpectralNormalizationOptions = {}): Layer {
  const where = 'layers/spectralNormalization';
  const common = checkLayerOptions(where, options, ['powerIterations']);
  checkIsLayer(where, layer);
  const powerIterations = checkNumber(where, 'powerIterations', options.powerIterations ?? 1, {
    min: 1,
    integer: true,
  });
  const name = layer.name ?? snakeCase(layer.type);
  const { computeMask } = layer;
  return {
    type: 'SpectralNormalization',
    ...common,
    inputDtype: layer.inputDtype,
    inputCount: layer.inputCount,
    activation: layer.activation,
    build(inputShapes, path): LayerBuild {
      const built = layer.build(inputShapes, `${path}/${name}`);
      const kernel = normalizedWeight(path, built.weights);
      const vector: WeightSpec = {
        name: 'vector_u',
        shape: [1, kernel.shape.at(-1)!],
        initializer: truncatedNormal({ stddev: 0.02 }),
        trainable: false,
      };
      return { ...built, weights: [...innerSpecs(layer, built.weights, name), vector] };
    },
    call(weights, inputs, context): tf.Tensor | readonly tf.Tensor[] {
      const own = innerWeights(weights, name);
      const weight = NORMALIZED.find((candidate) => own[candidate] !== undefined)!;
      const { kernel, vector } = divided(own[weight]!, weights.vector_u!, context.training ? powerIterations : 0);
      if (context.training) context.update?.('vector_u', vector);
      const inner = innerContext(context, name);
      const result = layer.call({ ...own, [weight]: kernel }, inputs, inner);
      addPenalty(layer, Array.isArray(result) ? (result as readonly tf.Tensor[]) : [result as tf.Tensor], inner);
      return result;
    },
    ...(computeMask === undefined ? {} : { computeMask: computeMask.bind(layer) }),
    toConfig: () => layerConfig('SpectralNormalization', common, { powerIterations, layer: innerConfig(layer) }),
  };
}

/** The kernel over its spectral norm, and the vector after so many steps of the power iteration. */
function divided(
  kernel: tf.Tensor,
  start: tf.Tensor,
  iterations: number,
): { readonly kernel: tf.Tensor; readonly vector: tf.Tensor } {
  const matrix = tf.reshape(kernel, [-1, kernel.shape.at(-1)!]);
  const constant = stopGradient(matrix);
  const toRows = (u: tf.Tensor): tf.Tensor => unit(tf.matMul(u, constant, false, true));
  let u = start;
  let v = toRows(u);
  for (let step = 0; step < iterations; step++) {
    if (step > 0) v = toRows(u);
    u = unit(tf.matMul(v, constant));
  }
  // Outside training u stands still: v belongs to it, and u is as long as it was drawn before the first step.
  const direction = unit(u);
  const sigma = tf.sum(tf.mul(tf.matMul(v, matrix), direction));
  const isZero = tf.equal(sigma, 0);
  return {
    kernel: tf.div(kernel, tf.where(isZero, tf.onesLike(sigma), sigma)),
    vector: tf.where(tf.all(tf.equal(constant, 0)), start, u),
  };
}

/** A vector of length 1, and 0 of 0. */
const unit = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.minimum(tf.rsqrt(tf.sum(tf.square(x))), 1e7));

function normalizedWeight(path: string, weights: readonly WeightSpec[]): { readonly shape: Shape } {
  const found = NORMALIZED.map((name) => weights.find((spec) => spec.name === name)).find((spec) => spec !== undefined);
  if (found !== undefined) return found;
  throw new GradstreamError('GS_LAYER_WEIGHTS', {
    where: `layers/spectralNormalization "${path}"`,
    what: 'The layer has nothing to normalize',
    expected: `a weight ${NORMALIZED.join(' or ')}`,
    received: weights.map(({ name }) => name).join(', ') || 'no weights',
    next: 'Wrap a layer such as dense(10) or conv2d(8, 3).',
  });
}
