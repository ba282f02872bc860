import { describeValue, GradstreamError, type Json, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkCall } from '../internal/check-call.js';
import { isLayer } from '../internal/check-is-layer.js';
import { graphRunner, setRunner, type GraphRunner } from '../internal/graph-run.js';
import { nameLayers } from '../internal/name-layers.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, LayerDtype } from '../layer.js';
import type { ModelNode } from '../model.js';

/**
 * A layer that is a chain of layers, each with one input and one output: `pipeline([autoContrast(), randomZoom(0.2), randomRotation(0.2)])`.
 *
 * Their weights are its own, under the layers' names. As Keras' Pipeline. Throws `GS_LAYER_PIPELINE` for an empty list or what is no layer, and what the layers throw.
 */
export function pipeline(layers: readonly Layer[], options: LayerOptions = {}): Layer {
  const where = 'layers/pipeline';
  const common = checkLayerOptions(where, options);
  checkLayers(where, layers);
  const names = nameLayers(where, layers);
  const run: GraphRunner = (weights, inputs, context) => {
    const dtype = inputs[0]!.dtype === 'int32' ? 'int32' : 'float32';
    const { nodes } = chain(layers, names, inputs[0]!.shape, dtype);
    const own = names.map((name) =>
      Object.keys(weights).flatMap((path) => (path.startsWith(`${name}/`) ? [path.slice(name.length + 1)] : [])),
    );
    return graphRunner(nodes, [{ node: nodes.length - 1, output: 0 }], own)(weights, inputs, context);
  };
  const layer: Layer = {
    type: 'Pipeline',
    ...common,
    inputDtype: layers[0]!.inputDtype === 'int32' ? 'int32' : 'any',
    build: ([inputShape], _, inputDtypes): LayerBuild => chain(layers, names, inputShape!, inputDtypes?.[0]).build,
    call: (weights, inputs, context): Tensor => run(weights, inputs, context).outputs[0]!,
    toConfig: () =>
      layerConfig('Pipeline', common, { layers: layers.map((part) => part.toConfig() as unknown as Json) }),
  };
  setRunner(layer, run);
  return layer;
}

/** The chain for an input of a shape, and what it is as one layer. */
function chain(
  layers: readonly Layer[],
  names: readonly string[],
  inputShape: Shape,
  inputDtype?: LayerDtype,
): { readonly nodes: readonly ModelNode[]; readonly build: LayerBuild } {
  let shape = inputShape;
  let dtype: LayerDtype | 'input' = inputDtype ?? 'input';
  const nodes: ModelNode[] = [];
  const weights = layers.flatMap((layer, index) => {
    const name = names[index]!;
    checkCall(name, layer, [
      { dtype: dtype === 'input' ? (layer.inputDtype === 'int32' ? 'int32' : 'float32') : dtype },
    ]);
    const built = layer.build([shape], name, dtype === 'input' ? undefined : [dtype]);
    if (built.outputShapes !== undefined && built.outputShapes.length > 1) throw severalOutputs(name);
    const { outputDtype = 'float32' } = built;
    const made = typeof outputDtype === 'string' ? outputDtype : outputDtype[0]!;
    if (made !== 'input') dtype = made;
    nodes.push({
      layer,
      name,
      inputs: [{ node: index - 1, output: 0 }],
      inputShapes: [shape],
      outputShape: built.outputShape,
      outputShapes: [built.outputShape],
      outputDtypes: [dtype === 'input' ? 'float32' : dtype],
    });
    shape = built.outputShape;
    return built.weights.map((spec) => ({ trainable: layer.trainable, ...spec, name: `${name}/${spec.name}` }));
  });
  return { nodes, build: { outputShape: shape, outputDtype: dtype, weights } };
}

function checkLayers(where: string, layers: unknown): void {
  if (
    Array.isArray(layers) &&
    layers.length > 0 &&
    layers.every((layer) => isLayer(layer) && layer.type !== 'InputLayer')
  )
    return;
  throw new GradstreamError('GS_LAYER_PIPELINE', {
    where,
    what: 'This is no chain of layers',
    expected: 'a list of layers, without an input',
    received: describeValue(layers),
    next: 'Give the layers in order: pipeline([randomFlip(), randomZoom(0.2)]).',
  });
}

function severalOutputs(name: string): GradstreamError {
  return new GradstreamError('GS_LAYER_PIPELINE', {
    where: `layers/pipeline "${name}"`,
    what: 'A layer in the chain has several outputs',
    expected: 'one output each',
    received: 'several',
    next: 'Apply that layer outside of the pipeline.',
  });
}
