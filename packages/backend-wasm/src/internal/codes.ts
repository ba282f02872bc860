// Read by both sides: the TypeScript that calls a kernel and the AssemblyScript that runs it. Order is the numbering.

/** Elementwise functions of one float32 argument (two parameters where said). */
export const enum Unary {
  Abs,
  Neg,
}
