import {
  checkBoolean,
  checkChoice,
  checkOptions,
  describeValue,
  GradstreamError,
  type Config,
  type Json,
  type Shape,
} from '@gradstream/core';
import { regularizer, type Regularizer } from '@gradstream/regularizers';
import { partConfig } from './internal/part-config.js';

/** The options that every layer takes. */
export interface LayerOptions {
  /** Unique in its model; letters, digits, `_`, `-` and `.`. Default: the type in snake_case, with a number where needed. */
  readonly name?: string;
  /** Whether training changes the layer's weights. Default true. */
  readonly trainable?: boolean;
  /** Shape of one example, without the batch, when the layer is a model's first. */
  readonly inputShape?: Shape;
  /** What the layer computes in: `float32`, the one that all backends have. */
  readonly dtype?: 'float32';
  /** A penalty on the layer's output, added to the loss: by name or as a function. It is divided by the number of samples, as in Keras. */
  readonly activityRegularizer?: string | Config | Regularizer;
}

/** What every layer has of its options. */
export interface LayerCommon {
  readonly name: string | undefined;
  readonly trainable: boolean;
  readonly inputShape: Shape | undefined;
  readonly activityRegularizer: Regularizer | undefined;
}

const COMMON = ['name', 'trainable', 'inputShape', 'dtype', 'activityRegularizer'] as const;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Checks a layer's options, the common ones and its own, and returns the common ones with their defaults. */
export function checkLayerOptions(where: string, options: LayerOptions, own: readonly string[] = []): LayerCommon {
  checkOptions(where, options, [...own, ...COMMON]);
  const { name, trainable = true, inputShape, dtype = 'float32', activityRegularizer } = options;
  if (name !== undefined && !(typeof name === 'string' && NAME.test(name))) {
    throw new GradstreamError('GS_LAYER_NAME', {
      where,
      what: 'The name cannot be used',
      expected: 'letters, digits, "_", "-" and ".", a letter or digit first',
      received: describeValue(name),
      next: 'Choose such a name, or leave it out.',
    });
  }
  checkBoolean(where, 'trainable', trainable);
  checkChoice(where, 'dtype', dtype, ['float32']);
  if (inputShape !== undefined) checkShape(where, inputShape);
  return {
    name,
    trainable,
    inputShape,
    activityRegularizer: activityRegularizer === undefined ? undefined : regularizer(activityRegularizer),
  };
}

/** The config of a layer: the common options that differ from layer to layer, and the layer's own. */
export function layerConfig(type: string, common: LayerCommon, own: Config['config'] = {}): Config {
  const { name, trainable, activityRegularizer } = common;
  const penalty: Readonly<Record<string, Json>> =
    activityRegularizer === undefined
      ? {}
      : { activityRegularizer: partConfig(`layers/${type}`, 'activityRegularizer', activityRegularizer) };
  return { type, config: { name: name ?? null, trainable, ...own, ...penalty } };
}

/** Throws `GS_LAYER_INPUT_SHAPE` unless the value is a list of positive sizes, null standing for any size. */
export function checkShape(where: string, shape: unknown): asserts shape is Shape {
  const valid =
    Array.isArray(shape) && shape.every((size) => size === null || (Number.isSafeInteger(size) && size > 0));
  if (valid) return;
  throw new GradstreamError('GS_LAYER_INPUT_SHAPE', {
    where,
    what: 'The input shape cannot be used',
    expected: 'a list of positive integers, without the batch',
    received: describeValue(shape),
    next: 'Give the shape of one example, for example [28, 28].',
  });
}
