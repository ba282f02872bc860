/** A module whose only function runs one instruction of the proposal: valid where the engine knows it. */
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
];
const RELAXED = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0, 253, 15, 65,
  0, 253, 15, 253, 133, 2, 11,
];

/** True where the engine runs 128-bit vector instructions. */
export function hasSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(SIMD));
}

/** True where the engine runs relaxed vector instructions, such as the fused multiply-add. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(new Uint8Array(RELAXED));
}

/** Why memory cannot be shared between threads here, or undefined where it can. */
export function whyNoThreads(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined')
    return 'this page is not cross-origin isolated, so it has no SharedArrayBuffer';
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false)
    return 'this page is not cross-origin isolated';
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer
      ? undefined
      : 'memory cannot be shared';
  } catch {
    return 'memory cannot be shared';
  }
}
