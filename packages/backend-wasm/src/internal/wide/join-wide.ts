/** The functions of the module of wide functions in the order of `Wide` in codes.ts. */
export const WIDE_FUNCTIONS: readonly string[] = [
  'panelTile',
  'rowsTile',
  'denseTile',
  'lstmForward',
  'lstmBackward',
  'gruForward',
  'gruBackward',
];

/** Puts the wide functions into the table of an instance and returns the place of the first one, which is the same on each thread. */
export function joinWide(exports: WebAssembly.Exports, wide: WebAssembly.Module, memory: WebAssembly.Memory): number {
  const table = exports['table'] as WebAssembly.Table;
  const functions = new WebAssembly.Instance(wide, { env: { memory } }).exports;
  const first = table.grow(WIDE_FUNCTIONS.length);
  for (const [index, name] of WIDE_FUNCTIONS.entries()) table.set(first + index, functions[name]);
  return first;
}
