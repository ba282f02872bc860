/** Protobuf messages of TensorFlow and TensorBoard: generated code, and the functions that make, write and read them. */
export { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
export { AttrValueSchema, type AttrValue } from './generated/tensorflow/attr_value_pb.js';
export { EventSchema, SourceMetadataSchema, type Event, type SourceMetadata } from './generated/tensorflow/event_pb.js';
export { GraphDefSchema, type GraphDef } from './generated/tensorflow/graph_pb.js';
export {
  MetaGraphDef_MetaInfoDefSchema,
  MetaGraphDefSchema,
  SignatureDefSchema,
  TensorInfoSchema,
  type MetaGraphDef,
  type MetaGraphDef_MetaInfoDef,
  type SignatureDef,
  type TensorInfo,
} from './generated/tensorflow/meta_graph_pb.js';
export { NodeDefSchema, type NodeDef } from './generated/tensorflow/node_def_pb.js';
export { SavedModelSchema, type SavedModel } from './generated/tensorflow/saved_model_pb.js';
export {
  DataClass,
  Summary_ValueSchema,
  SummaryMetadata_PluginDataSchema,
  SummaryMetadataSchema,
  SummarySchema,
  type Summary,
  type Summary_Value,
  type SummaryMetadata,
  type SummaryMetadata_PluginData,
} from './generated/tensorflow/summary_pb.js';
export { TensorProtoSchema, type TensorProto } from './generated/tensorflow/tensor_pb.js';
export {
  TensorShapeProto_DimSchema,
  TensorShapeProtoSchema,
  type TensorShapeProto,
  type TensorShapeProto_Dim,
} from './generated/tensorflow/tensor_shape_pb.js';
export { DataType } from './generated/tensorflow/types_pb.js';
export { VersionDefSchema, type VersionDef } from './generated/tensorflow/versions_pb.js';
