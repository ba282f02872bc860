/** What the binaries export. Addresses and lengths are unsigned 32-bit; lengths count elements unless they say bytes. */
export interface WasmExports {
  /** Fills so many bytes. */
  fillBytes(out: number, value: number, bytes: number): void;
}
