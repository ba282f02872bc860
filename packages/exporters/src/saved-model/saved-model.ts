import { GradstreamError } from '@gradstream/core';
import { DataType } from '@gradstream/formats/messages';
import type { Model } from '@gradstream/layers';
import type { ExportedFile, Exporter } from '../exporter.js';
import { shapeAttribute, sizesOf, typeAttribute, type NodeType } from './attribute.js';
import { GraphBuilder, type Ref } from './graph-builder.js';
import { modelNodes } from './layer-nodes.js';
import { savedModelPieces } from './saved-model-pieces.js';

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
    const graph = new GraphBuilder();
    const inputs = model.inputs.map(({ name, shape, dtype }) => {
      const type: NodeType = dtype === 'int32' ? DataType.DT_INT32 : DataType.DT_FLOAT;
      const attributes = { dtype: typeAttribute(type), shape: shapeAttribute(shape) };
      return graph.add(`serving_default_${name}`, { op: 'Placeholder', input: [], attributes }, type);
    });
    const outputs = modelNodes(graph, model, inputs, weights).map((ref) => graph.op('Identity', [ref]));
    const info = (ref: Ref, shape: readonly (number | null)[]) =>
      ({ encoding: { case: 'name', value: `${ref.name}:0` }, dtype: ref.type, tensorShape: sizesOf(shape) }) as const;
    const metaGraph = {
      metaInfoDef: { tags: ['serve'], tensorflowVersion: '2.21.0' },
      signatureDef: {
        serving_default: {
          methodName: 'tensorflow/serving/predict',
          inputs: Object.fromEntries(model.inputs.map(({ name, shape }, index) => [name, info(inputs[index]!, shape)])),
          outputs: Object.fromEntries(
            model.outputs.map(({ name, shape }, index) => [name, info(outputs[index]!, shape)]),
          ),
        },
      },
    };
    return [{ name: 'saved_model.pb', pieces: savedModelPieces(metaGraph, graph.nodes) }];
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
