/** Fills so many bytes with one value. */
export function fillBytes(out: usize, value: i32, bytes: usize): void {
  memory.fill(out, <u8>value, bytes);
}
