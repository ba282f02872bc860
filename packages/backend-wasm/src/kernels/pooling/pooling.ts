import { backend_util, util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';

// What a pooling does with a window; see assembly/pooling/window.ts.
const MAXIMUM = 0;
const AVERAGE = 1;
const WHOLE_AVERAGE = 2;

/** A pooling: what tfjs-core calls it, and what it does with a window. */
export interface PoolingFunction {
  readonly name: string;
  readonly dimensions: 2 | 3;
  readonly average: boolean;
}

/** Read by registration and by the tests. */
export const poolingFunctions: readonly PoolingFunction[] = [
  { name: 'MaxPool', dimensions: 2, average: false },
  { name: 'AvgPool', dimensions: 2, average: true },
  { name: 'MaxPool3D', dimensions: 3, average: false },
  { name: 'AvgPool3D', dimensions: 3, average: true },
];

/**
 * Maximum and average over windows, with their gradients, channels last. An average counts the cells that exist, and so does its gradient: tfjs-backend-cpu
 * divides the gradient by the whole window at padded edges too, which is not the derivative of its own result. Only where the padding is given side by side
 * does the gradient here do the same: tfjs-core's own specs ask for those numbers.
 */
export const poolingKernels: readonly Kernel[] = poolingFunctions.flatMap(({ name, dimensions, average }): Kernel[] => [
  {
    name,
    run: ({ inputs, attrs, backend }) => {
      const x = inputs['x'] as TensorInfo;
      const info = infoOf(dimensions, x, attrs);
      if (info === undefined || info.outShape.some((size) => size < 0)) return undefined;
      if (isIdentity(info)) return backend.share(x);
      const at = backend.address(x);
      const out = backend.output(info.outShape, 'float32');
      if (util.sizeFromShape(info.outShape) === 0) return out;
      writeGeometry(backend, info, average ? AVERAGE : MAXIMUM, at, backend.address(out), 0);
      backend.runtime.wasm.pool();
      return out;
    },
  },
  {
    name: `${name}Grad`,
    run: ({ inputs, attrs, backend }) => {
      const [dy, x] = [inputs['dy'] as TensorInfo, inputs['input'] as TensorInfo];
      const info = infoOf(dimensions, x, attrs, dy);
      if (info === undefined) return undefined;
      const [at, gradient] = [backend.address(x), backend.address(dy)];
      const out = backend.output(x.shape, 'float32');
      const size = util.sizeFromShape(x.shape);
      if (size === 0) return out;
      if (util.sizeFromShape(dy.shape) === 0) {
        backend.runtime.wasm.fillBytes(backend.address(out), 0, size * 4);
        return out;
      }
      const averageKind = Array.isArray(attrs['pad']) ? WHOLE_AVERAGE : AVERAGE;
      writeGeometry(backend, info, average ? averageKind : MAXIMUM, at, gradient, backend.address(out));
      backend.runtime.wasm.poolGradient();
      return out;
    },
  },
]);

/** What tfjs-core makes of shapes and attributes, with the size of the output `dy` where there is one; undefined for what is not covered. */
function infoOf(
  dimensions: 2 | 3,
  x: TensorInfo,
  attrs: NamedAttrMap,
  dy?: TensorInfo,
): backend_util.Conv3DInfo | undefined {
  const dataFormat = (attrs['dataFormat'] ?? 'NDHWC') as string;
  if (x.dtype !== 'float32' || (dy ?? x).dtype !== 'float32' || dataFormat.startsWith('NC')) return undefined;
  const size = attrs['filterSize'] as [number, number, number];
  const strides = attrs['strides'] as [number, number, number];
  const rounding = attrs['dimRoundingMode'] as 'floor';
  const computed =
    dimensions === 2
      ? flat(
          backend_util.computePool2DInfo(
            x.shape as [number, number, number, number],
            size as unknown as [number, number],
            strides as unknown as [number, number],
            1,
            attrs['pad'] as 'same',
            rounding,
          ),
        )
      : backend_util.computePool3DInfo(
          x.shape as [number, number, number, number, number],
          size,
          strides,
          1,
          attrs['pad'] as 'same',
          rounding,
        );
  if (dy === undefined) return computed;
  // Gradients are not told how sizes were rounded: the output may be one larger than computed.
  const [outDepth, outHeight, outWidth] = dimensions === 2 ? [1, dy.shape[1]!, dy.shape[2]!] : dy.shape.slice(1, 4);
  const isRounded = (got: number, expected: number): boolean => got === expected || got === expected + 1;
  if (!isRounded(outDepth!, computed.outDepth) || !isRounded(outHeight!, computed.outHeight)) return undefined;
  if (!isRounded(outWidth!, computed.outWidth)) return undefined;
  return { ...computed, outDepth: outDepth!, outHeight: outHeight!, outWidth: outWidth! };
}

/** Two dimensions as three of depth 1; the shapes stay. */
function flat(info: backend_util.Conv2DInfo): backend_util.Conv3DInfo {
  return {
    ...info,
    inDepth: 1,
    outDepth: 1,
    filterDepth: 1,
    strideDepth: 1,
    dilationDepth: 1,
    effectiveFilterDepth: 1,
    padInfo: { ...info.padInfo, front: 0, back: 0 },
  } as unknown as backend_util.Conv3DInfo;
}

function isIdentity(info: backend_util.Conv3DInfo): boolean {
  const single = info.filterDepth === 1 && info.filterHeight === 1 && info.filterWidth === 1;
  return single && util.arraysEqual(info.inShape, info.outShape) && info.strideDepth === 1 && info.padInfo.front === 0;
}

function writeGeometry(
  backend: WasmSimdBackend,
  info: backend_util.Conv3DInfo,
  kind: number,
  x: number,
  y: number,
  dx: number,
): void {
  const { runtime } = backend;
  const words = [kind, x, y, dx, info.batchSize, info.inChannels];
  words.push(info.inDepth, info.inHeight, info.inWidth, info.outDepth, info.outHeight, info.outWidth);
  words.push(info.filterDepth, info.filterHeight, info.filterWidth);
  words.push(info.strideDepth, info.strideHeight, info.strideWidth);
  words.push(info.dilationDepth, info.dilationHeight, info.dilationWidth);
  words.push(info.padInfo.front, info.padInfo.top, info.padInfo.left);
  runtime.write(runtime.wasm.poolingGeometry(), words);
}
