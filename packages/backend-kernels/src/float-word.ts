const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

/** The bits of the float32 nearest to a number, as a signed 32-bit integer. */
export function floatWord(value: number): number {
  float[0] = value;
  return word[0]!;
}
