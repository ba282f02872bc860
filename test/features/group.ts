import type { Proof } from './proof.js';

/** A namespace of Keras and what stands for it here. */
export interface Group {
  /** Keras' namespace: `layers`. */
  readonly key: string;
  readonly title: string;
  /** What the building blocks are imported from: `@gradstream/layers`. */
  readonly from: string;
  /** All values that are exported there. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Those of them that make, find, read or combine building blocks and are none. */
  readonly tools: readonly string[];
  /** Keras' public names, and which of them are second names of others. */
  readonly keras: { readonly exports: readonly string[]; readonly aliases?: Readonly<Record<string, string>> };
  readonly proofs: readonly Proof[];
}

/** The exported building blocks, by name. */
export const blocksOf = ({ exports, tools }: Group): string[] =>
  Object.keys(exports).filter((name) => !tools.includes(name));
