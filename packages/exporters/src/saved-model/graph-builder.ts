import { DataType } from '@gradstream/formats/messages';
import { typeAttribute, type Attribute, type NodeType } from './attribute.js';

/** An output of a node: `dense/MatMul`, or `glu/Split:1` for a second one. */
export interface Ref {
  readonly name: string;
  readonly type: NodeType;
}

/** A node of a graph. `content` is the bytes of a constant, kept out of the attributes so that they are never copied. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constant?: { readonly type: NodeType; readonly shape: readonly number[]; readonly content: Uint8Array };
}

/** Collects the nodes of a graph, under unique names with a prefix, as TensorFlow names them: `dense/Mul`, `dense/Mul_1`. */
export class GraphBuilder {
  readonly nodes: GraphNode[];
  readonly #names: Set<string>;
  readonly #prefix: string;

  constructor(parent?: GraphBuilder, prefix = '') {
    this.nodes = parent?.nodes ?? [];
    this.#names = parent === undefined ? new Set() : parent.#names;
    this.#prefix = parent === undefined ? prefix : `${parent.#prefix}${prefix}/`;
  }

  /** The same graph under a longer prefix. */
  within(name: string): GraphBuilder {
    return new GraphBuilder(this, name);
  }

  /** Adds an operation. Numbers among its inputs become float constants. It has the attribute `T`, its first input's type, unless others are given for it. */
  op(
    op: string,
    inputs: readonly (Ref | number)[],
    attributes?: Readonly<Record<string, Attribute>>,
    type?: NodeType,
  ): Ref {
    const refs = inputs.map((input) => (typeof input === 'number' ? this.floats(Float32Array.of(input), []) : input));
    const own = refs[0]?.type ?? DataType.DT_FLOAT;
    return this.add(
      op,
      { op, input: refs.map(({ name }) => name), attributes: { T: typeAttribute(own), ...attributes } },
      type ?? own,
    );
  }

  /** A constant of floats, named if a name is given. */
  floats(values: Float32Array, shape: readonly number[], name = 'Const'): Ref {
    return this.#constant(name, DataType.DT_FLOAT, values, shape);
  }

  /** A constant of whole numbers: a list, or one number. */
  integers(values: number | readonly number[]): Ref {
    return typeof values === 'number'
      ? this.#constant('Const', DataType.DT_INT32, Int32Array.of(values), [])
      : this.#constant('Const', DataType.DT_INT32, Int32Array.from(values), [values.length]);
  }

  /** Adds a node as it is. */
  add(name: string, node: Omit<GraphNode, 'name'>, type: NodeType): Ref {
    const wanted = `${this.#prefix}${name}`;
    let unique = wanted;
    for (let number = 1; this.#names.has(unique.toLowerCase()); number++) unique = `${wanted}_${number}`;
    // TensorFlow refuses names that differ in case alone.
    this.#names.add(unique.toLowerCase());
    this.nodes.push({ name: unique, ...node });
    return { name: unique, type };
  }

  #constant(name: string, type: NodeType, values: Float32Array | Int32Array, shape: readonly number[]): Ref {
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.add(
      name,
      { op: 'Const', input: [], attributes: { dtype: typeAttribute(type) }, constant: { type, shape, content } },
      type,
    );
  }
}
