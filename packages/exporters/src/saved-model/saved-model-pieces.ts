import {
  create,
  GraphDefSchema,
  MetaGraphDefSchema,
  NodeDefSchema,
  TensorProtoSchema,
  toBinary,
  type MessageInitShape,
} from '@gradstream/formats/messages';
import { sizesOf } from './attribute.js';
import type { GraphNode } from './graph-builder.js';

/** A meta graph without its graph. */
export type MetaGraph = MessageInitShape<typeof MetaGraphDefSchema>;

/** Who could have written the graph, and who can read it: the versions of TensorFlow 2.21, whose operations are used, and of the first that can. */
const VERSIONS = { producer: 2474, minConsumer: 12 };

/**
 * The bytes of a `saved_model.pb` with one meta graph, in pieces. Messages inside messages are put together from their bytes, so that
 * constants are never copied: a message's fields may be encoded apart and joined.
 */
export function savedModelPieces(metaGraph: MetaGraph, nodes: readonly GraphNode[]): Uint8Array[] {
  const graph = [
    ...nodes.flatMap((node) => delimited(1, nodePieces(node))),
    toBinary(GraphDefSchema, create(GraphDefSchema, { versions: VERSIONS })),
  ];
  const schemaVersion = Uint8Array.of(0x08, 1);
  return [
    schemaVersion,
    ...delimited(2, [toBinary(MetaGraphDefSchema, create(MetaGraphDefSchema, metaGraph)), ...delimited(2, graph)]),
  ];
}

function nodePieces({ name, op, input, attributes, constant }: GraphNode): Uint8Array[] {
  const node = toBinary(NodeDefSchema, create(NodeDefSchema, { name, op, input: [...input], attr: { ...attributes } }));
  if (constant === undefined) return [node];
  const { type, shape, content } = constant;
  const tensor = toBinary(TensorProtoSchema, create(TensorProtoSchema, { dtype: type, tensorShape: sizesOf(shape) }));
  // NodeDef.attr["value"] = AttrValue.tensor = TensorProto with tensor_content.
  const attribute = delimited(8, [tensor, ...delimited(4, [content])]);
  return [node, ...delimited(5, [...delimited(1, [new TextEncoder().encode('value')]), ...delimited(2, attribute)])];
}

/** A field of protobuf's wire type 2: number, length, then the pieces as they are. */
function delimited(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return [Uint8Array.from([(field << 3) | 2, ...varint(length)]), ...pieces];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}
