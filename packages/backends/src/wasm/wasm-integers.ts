import { backend_util, util, type KernelFunc, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-heap.js';

/** `Neg` of whole numbers. Stock goes through float32, which loses digits above 2^24. */
export const wasmNeg: (stock: KernelFunc) => KernelFunc = onIntegers(() => (value) => -value);

/** `ClipByValue` of whole numbers. Stock takes their bits for those of fractions. */
export const wasmClipByValue: (stock: KernelFunc) => KernelFunc = onIntegers(({ clipValueMin, clipValueMax }) => {
  const [low, high] = [Number(clipValueMin), Number(clipValueMax)];
  return (value) => Math.min(Math.max(value, low), high);
});

/** `FloorDiv` of whole numbers. Stock goes through float32, which loses digits above 2^24. */
export function wasmFloorDiv(stock: KernelFunc): KernelFunc {
  return ({ inputs, backend: given, attrs = {} }) => {
    const [a, b] = [inputs['a'] as TensorInfo, inputs['b'] as TensorInfo];
    if (a.dtype !== 'int32' || b.dtype !== 'int32') return stock({ inputs, backend: given, attrs });
    const backend = given as WasmBackend;
    const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const out = backend.makeOutput(shape, 'int32');
    const [from, by, to] = [a, b, out].map((info) => backend.typedArrayFromHeap(info)) as Int32Array[];
    const [placesA, placesB] = [a, b].map((info) => placesIn(info.shape, shape));
    for (let index = 0; index < to!.length; index++)
      to![index] = Math.floor(from![placesA!(index)]! / by![placesB!(index)]!);
    return out;
  };
}

function onIntegers(mapOf: (attrs: NamedAttrMap) => (value: number) => number): (stock: KernelFunc) => KernelFunc {
  return (stock) =>
    ({ inputs, backend: given, attrs = {} }) => {
      const x = inputs['x'] as TensorInfo;
      if (x.dtype !== 'int32') return stock({ inputs, backend: given, attrs });
      const backend = given as WasmBackend;
      const out = backend.makeOutput(x.shape, 'int32');
      const [from, to] = [backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(out)];
      const map = mapOf(attrs);
      for (let index = 0; index < to.length; index++) to[index] = map(from[index]!);
      return out;
    };
}

/** Where the element of an operand lies that an element of the result is made of. */
function placesIn(shape: readonly number[], outShape: readonly number[]): (index: number) => number {
  if (util.sizeFromShape([...shape]) === util.sizeFromShape([...outShape])) return (index) => index;
  const steps = util.computeStrides([...outShape]).concat(1);
  const own = util.computeStrides([...shape]).concat(1);
  const lack = outShape.length - shape.length;
  return (index) =>
    outShape.reduce((place, size, axis) => {
      const ours = axis - lack;
      return ours < 0 || shape[ours] === 1 ? place : place + (Math.floor(index / steps[axis]!) % size) * own[ours]!;
    }, 0);
}
