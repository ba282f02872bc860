import type { AttrValueSchema, DataType, MessageInitShape } from '@gradstream/formats/messages';

/** The value of a node's attribute, as it is written. */
export type Attribute = MessageInitShape<typeof AttrValueSchema>;

/** What a graph's nodes compute with. */
export type NodeType = DataType.DT_FLOAT | DataType.DT_INT32 | DataType.DT_BOOL;

/** An element type as an attribute. */
export const typeAttribute = (value: NodeType): Attribute => ({ value: { case: 'type', value } });

/** A flag as an attribute. */
export const boolAttribute = (value: boolean): Attribute => ({ value: { case: 'b', value } });

/** A whole number as an attribute. */
export const intAttribute = (value: number): Attribute => ({ value: { case: 'i', value: BigInt(value) } });

/** A float as an attribute. */
export const floatAttribute = (value: number): Attribute => ({ value: { case: 'f', value } });

/** A word as an attribute. */
export const textAttribute = (value: string): Attribute => ({
  value: { case: 's', value: new TextEncoder().encode(value) },
});

/** The sizes of a shape as an attribute; null becomes -1, which stands for any size. */
export const shapeAttribute = (shape: readonly (number | null)[]): Attribute => ({
  value: { case: 'shape', value: sizesOf(shape) },
});

/** The sizes of a shape as messages hold them; null becomes -1, which stands for any size. */
export const sizesOf = (shape: readonly (number | null)[]): { dim: { size: bigint }[] } => ({
  dim: shape.map((size) => ({ size: BigInt(size ?? -1) })),
});
