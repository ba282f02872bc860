import { backend_util } from '@tensorflow/tfjs-core';
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';

/** What tfjs-core makes of shapes and attributes, with the size of the output `dy` where there is one; undefined for what is not covered. Two dimensions are three of depth 1. */
export function poolingInfo(
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

/** The words that both own backends' kernels take of it: channels, then by depth, height and width the sizes, output sizes, window, strides, dilations, padding before. */
export function poolingWords(info: backend_util.Conv3DInfo): number[] {
  const words = [info.inChannels];
  words.push(info.inDepth, info.inHeight, info.inWidth, info.outDepth, info.outHeight, info.outWidth);
  words.push(info.filterDepth, info.filterHeight, info.filterWidth);
  words.push(info.strideDepth, info.strideHeight, info.strideWidth);
  words.push(info.dilationDepth, info.dilationHeight, info.dilationWidth);
  words.push(info.padInfo.front, info.padInfo.top, info.padInfo.left);
  return words;
}
