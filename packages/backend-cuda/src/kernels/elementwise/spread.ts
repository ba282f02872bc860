import { util } from '@tensorflow/tfjs-core';

/** How two tensors are spread over their result; see `each` in kernels/binary.cu. */
export interface Spread {
  readonly mode: 0 | 1 | 2 | 3;
  readonly words: Int32Array;
}

const MOST = 6;
const none = new Int32Array(1 + 3 * MOST);

/** The mode and the joined dimensions, last one first; undefined where there are too many of them. */
export function spreadOf(a: readonly number[], b: readonly number[], out: readonly number[]): Spread | undefined {
  const [aSize, bSize, size] = [a, b, out].map((shape) => util.sizeFromShape(shape as number[])) as [
    number,
    number,
    number,
  ];
  if (aSize === size && bSize === size) return { mode: 0, words: none };
  if (bSize === size && aSize === 1) return { mode: 1, words: none };
  if (aSize === size && bSize === 1) return { mode: 2, words: none };
  const dimensions: { size: number; a: boolean; b: boolean }[] = [];
  for (let axis = 1; axis <= out.length; axis++) {
    const whole = out[out.length - axis]!;
    if (whole === 1) continue;
    const [inA, inB] = [(a[a.length - axis] ?? 1) > 1, (b[b.length - axis] ?? 1) > 1];
    const last = dimensions.at(-1);
    if (last?.a === inA && last.b === inB) last.size *= whole;
    else dimensions.push({ size: whole, a: inA, b: inB });
  }
  if (dimensions.length > MOST) return undefined;
  const words = new Int32Array(1 + 3 * MOST);
  words[0] = dimensions.length;
  let [aStep, bStep] = [1, 1];
  for (const [index, dimension] of dimensions.entries()) {
    words[1 + index] = dimension.size;
    words[1 + MOST + index] = dimension.a ? aStep : 0;
    words[1 + 2 * MOST + index] = dimension.b ? bStep : 0;
    if (dimension.a) aStep *= dimension.size;
    if (dimension.b) bStep *= dimension.size;
  }
  return { mode: 3, words };
}
