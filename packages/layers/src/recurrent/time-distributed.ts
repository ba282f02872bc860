import { describeShape, foldIn, GradstreamError, type Shape } from '@gradstream/core';
import { reshape, stack, unstack, type Tensor } from '@tensorflow/tfjs-core';
import { addPenalty } from '../internal/add-penalty.js';
import { checkIsLayer } from '../internal/check-is-layer.js';
import { innerConfig, innerContext, innerSpecs, innerWeights } from '../internal/inner-layer.js';
import { snakeCase } from '../internal/name-layers.js';
import { shapesOf } from '../internal/symbolic.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { CallContext, Layer, LayerBuild } from '../layer.js';
import { passMask } from '../pass-mask.js';

type Weights = Readonly<Record<string, Tensor>>;

/**
 * Applies a layer to every step of a sequence, with the same weights.
 *
 * Input `[batch, steps, ...]`, output `[batch, steps, ...]` of what the layer makes of `[batch, ...]`. Steps are put into the batch, which is one call; a layer that
 * keeps statistics or states of its own gets them one after another instead, as in Keras' TimeDistributed. The mask goes on as it is; the layer itself sees what a mask
 * says within a step. An activity penalty of the layer counts, which Keras leaves out. Throws `GS_LAYER_SHAPE` for inputs of fewer than 3 dimensions.
 */
export function timeDistributed(layer: Layer, options: LayerOptions = {}): Layer {
  const where = 'layers/timeDistributed';
  const common = checkLayerOptions(where, options);
  checkIsLayer(where, layer);
  const name = layer.name ?? snakeCase(layer.type);
  /** Whether a layer has to see one step at a time; it may be asked before its model is there. */
  const oneByOne = (step: Shape): boolean =>
    layer.build([step], name).weights.some(({ trainable }) => trainable === false);
  return {
    type: 'TimeDistributed',
    ...common,
    ...(layer.inputDtype === undefined ? {} : { inputDtype: layer.inputDtype }),
    build([shape], path): LayerBuild {
      const [batch, steps, ...rest] = checkSequence(`${where} "${path}"`, shape!);
      const built = layer.build([[batch!, ...rest]], `${path}/${name}`);
      const outputShapes = shapesOf(built).map(([, ...own]) => [batch!, steps!, ...own]);
      return {
        outputShape: outputShapes[0]!,
        ...(outputShapes.length > 1 ? { outputShapes } : {}),
        ...(built.outputDtype === undefined ? {} : { outputDtype: built.outputDtype }),
        weights: innerSpecs(layer, built.weights, name),
      };
    },
    call(weights, [x], context): Tensor | readonly Tensor[] {
      const [batch, , ...rest] = x!.shape as [number, number, ...number[]];
      const own = innerWeights(weights, name);
      const inner = innerContext(context, name);
      const outputs = oneByOne([batch, ...rest]) ? eachStep(layer, own, x!, inner) : allSteps(layer, own, x!, inner);
      addPenalty(layer, outputs, inner);
      return outputs.length > 1 ? outputs : outputs[0]!;
    },
    computeMask: passMask,
    toConfig: () => layerConfig('TimeDistributed', common, { layer: innerConfig(layer) }),
  };
}

/** All steps as one batch. */
function allSteps(layer: Layer, weights: Weights, x: Tensor, context: CallContext): readonly Tensor[] {
  const [batch, steps, ...rest] = x.shape as [number, number, ...number[]];
  const { masks, ...others } = context;
  const mask = masks?.[0];
  // Of a mask [batch, steps, ...] the layer sees what is inside a step.
  const within =
    mask === undefined || mask.rank < 3
      ? others
      : { ...others, masks: [reshape(mask, [batch * steps, ...mask.shape.slice(2)])] };
  const outputs = listOf(layer.call(weights, [reshape(x, [batch * steps, ...rest])], within));
  return outputs.map((output) => reshape(output, [batch, steps, ...output.shape.slice(1)]));
}

/** One step after another: each sees what the one before has changed, and has random numbers of its own. */
function eachStep(layer: Layer, weights: Weights, x: Tensor, context: CallContext): readonly Tensor[] {
  const { masks, update, ...others } = context;
  const mask = masks?.[0];
  const within = mask === undefined || mask.rank < 3 ? undefined : unstack(mask, 1);
  const current: Record<string, Tensor> = { ...weights };
  const steps = unstack(x, 1).map((step, time) =>
    listOf(
      layer.call({ ...current }, [step], {
        ...others,
        key: foldIn(context.key, time),
        ...(within === undefined ? {} : { masks: [within[time]] }),
        ...(update === undefined
          ? {}
          : {
              update: (weight: string, value: Tensor): void => {
                current[weight] = value;
                update(weight, value);
              },
            }),
      }),
    ),
  );
  return steps[0]!.map((_, output) =>
    stack(
      steps.map((outputs) => outputs[output]!),
      1,
    ),
  );
}

const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];

function checkSequence(where: string, shape: Shape): Shape {
  if (shape.length >= 3) return shape;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: `The input has ${shape.length} dimension${shape.length === 1 ? '' : 's'}`,
    expected: '[batch, steps, ...] of at least 3 dimensions',
    received: describeShape(shape),
    next: 'Give each example a sequence of steps, or use the layer without timeDistributed.',
  });
}
