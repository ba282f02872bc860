import { DataType } from '@gradstream/formats/messages';
import type { Model } from '@gradstream/layers';
import type { ExportedFile } from '../exporter.js';
import { shapeAttribute, sizesOf, typeAttribute, type NodeType } from './attribute.js';
import { GraphBuilder, type Ref } from './graph-builder.js';
import { modelNodes } from './layer-nodes.js';
import { savedModelPieces } from './saved-model-pieces.js';

/** The file of a SavedModel: the graph of a model with its weights, behind the signature `serving_default`. */
export function savedModelFiles(
  model: Model,
  weights: Awaited<ReturnType<Model['getWeights']>>,
): readonly ExportedFile[] {
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
}
