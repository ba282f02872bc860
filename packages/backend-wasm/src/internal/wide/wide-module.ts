/** The compiled module of wide functions and how many times as fast its products are; or why there is none. */
export type WideModule =
  | { readonly module: WebAssembly.Module; readonly gain: number }
  | { readonly module?: undefined; readonly reason: string };

/** The environment variable that asks for wide vectors. */
const VARIABLE = 'GRADSTREAM_WASM_WIDE';

/** True where the environment asks for wide vectors; a browser has none. */
export function environmentWide(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[VARIABLE]?.trim() === '1';
}

/** What came of it, for people. */
export function describeWide(wide: WideModule): string {
  return wide.module === undefined
    ? `128-bit vectors (no wider ones: ${wide.reason})`
    : `256-bit vectors (products ${wide.gain.toFixed(1)} times as fast)`;
}
