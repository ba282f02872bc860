import * as tf from '@tensorflow/tfjs-core';
import type { Rounding } from '../src/internal/rounding.js';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The float32 whose bits are these. */
function ofBits(value: number): number {
  bits[0] = value;
  return float[0]!;
}

/** A float32 as tensor cores take it, by arithmetic of its own: not by the emulator's. */
export function rounded(x: number, to: Rounding): number {
  float[0] = x;
  if (to === 'none' || !Number.isFinite(x) || x === 0) return float[0]!;
  const magnitude = bits[0]! & 0x7fff_ffff;
  const sign = x < 0 ? -1 : 1;
  if (to === 'tf32') return sign * ofBits((magnitude + 0x1000) & 0xffff_e000);
  // To the nearest multiple of a power of two, to even where two are as near.
  const exponent = Math.floor(Math.log2(ofBits(magnitude)));
  const step = 2 ** (to === 'bf16' ? exponent - 7 : Math.max(exponent, -14) - 10);
  const [whole, rest] = [Math.floor(ofBits(magnitude) / step), (ofBits(magnitude) / step) % 1];
  const up = rest > 0.5 || (rest === 0.5 && whole % 2 === 1);
  const value = (whole + Number(up)) * step;
  return sign * (to === 'f16' && value > 65_504 ? Infinity : value);
}

/** A tensor of rounded numbers. */
export function roundedTensor<T extends tf.Tensor>(x: T, to: Rounding): T {
  return tf.tensor(
    Float32Array.from(x.dataSync(), (value) => rounded(value, to)),
    x.shape,
  ) as T;
}
