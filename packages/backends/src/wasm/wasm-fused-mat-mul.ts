import type { KernelFunc, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { runWasmKernel, type WasmBackend } from './wasm-heap.js';
import { mayPack } from './xnn-product.js';

/** The kernel that applies each fused activation, with the attributes it takes. */
const ACTIVATIONS: Readonly<Record<string, (attrs: NamedAttrMap) => [string, NamedAttrMap]>> = {
  relu: () => ['Relu', {}],
  relu6: () => ['Relu6', {}],
  sigmoid: () => ['Sigmoid', {}],
  elu: () => ['Elu', {}],
  leakyrelu: ({ leakyreluAlpha }) => ['LeakyRelu', { alpha: leakyreluAlpha ?? 0 }],
  prelu: () => ['Prelu', {}],
};

/**
 * `_FusedMatMul` for the stock wasm backend. Stock is right for a single product without transposition whose bias has one value a column;
 * elsewhere it adds the bias once for every 48 inner elements, or reads beyond it, and it refuses a bias that was made in another shape. Those cases are a product,
 * an addition and an activation.
 */
export function wasmFusedMatMul(stock: KernelFunc): KernelFunc {
  return ({ inputs, backend, attrs = {} }) => {
    if (stockIsRight(inputs, attrs, backend as WasmBackend)) return stock({ inputs, backend, attrs });
    const activation = String(attrs['activation'] ?? 'linear');
    const kernel = ACTIVATIONS[activation];
    if (kernel === undefined && activation !== 'linear') return stock({ inputs, backend, attrs });
    const wasm = backend as WasmBackend;
    const { a, b, bias, preluActivationWeights } = inputs;
    const { transposeA, transposeB } = attrs;
    let result = runWasmKernel(
      'BatchMatMul',
      wasm,
      { a, b },
      {
        transposeA: Boolean(transposeA),
        transposeB: Boolean(transposeB),
      },
    );
    const replace = (name: string, operands: NamedTensorInfoMap, options: NamedAttrMap): void => {
      const next = runWasmKernel(name, wasm, operands, options);
      wasm.disposeData(result.dataId);
      result = next;
    };
    if ((bias ?? null) !== null) replace('Add', { a: result, b: bias }, {});
    if (kernel !== undefined) {
      const [name, options] = kernel(attrs);
      replace(name, name === 'Prelu' ? { x: result, alpha: preluActivationWeights } : { x: result }, options);
    }
    return result;
  };
}

function stockIsRight(
  { a, b, bias }: NamedTensorInfoMap,
  { transposeA, transposeB }: NamedAttrMap,
  { dataIdMap }: WasmBackend,
): boolean {
  const [rows, columns] = [b!.shape.at(-2) ?? 0, b!.shape.at(-1) ?? 0];
  return (
    !transposeA &&
    !transposeB &&
    isSingle(a!) &&
    isSingle(b!) &&
    rows > 0 &&
    ((bias ?? null) === null ||
      (bias!.shape.length === 1 && bias!.shape[0] === columns && dataIdMap.get(bias!.dataId).shape.length === 1)) &&
    mayPack(b!.dataId, rows, columns)
  );
}

const isSingle = ({ shape }: TensorInfo): boolean => shape.slice(0, -2).every((size) => size === 1);
