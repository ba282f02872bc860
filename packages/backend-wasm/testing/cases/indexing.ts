import { floats, specialFloats, wholes } from './kernel-case.js';
import type { CasesByKernel } from './kernel-case.js';
import { ofAllTypes, widths } from './movement.js';

/** Kernels with indices, and those that write numbers at equal distances. */
export const indexingCases: CasesByKernel = {
  Range: () =>
    [
      [0, 17, 1],
      [5, -4, -2],
      [3, 0, 1],
      [2, 2, 1],
      [0, 1, 0.1],
    ].flatMap(([start, stop, step]) =>
      (['float32', 'int32'] as const)
        .filter((dtype) => dtype === 'float32' || Number.isInteger(step))
        .map((dtype) => ({
          inputs: {},
          attrs: { start, stop, step, dtype },
          outputs: 'cpu' as const,
          tolerance: { relative: 1e-6 },
        })),
    ),
  LinSpace: () =>
    widths.slice(1).map((num) => ({
      inputs: {},
      attrs: { start: -2, stop: 5.5, num },
      outputs: [{ shape: [num], values: Array.from({ length: num }, (_, at) => -2 + (7.5 * at) / (num - 1)) }],
      tolerance: { relative: 1e-6, absolute: 1e-6 },
    })),
  GatherV2: () =>
    widths.flatMap((width) =>
      [
        [[5, width], [3], 0, 0],
        [[2, width, 3], [width], 1, 0],
        [[3, 4, width], [3, 2], 1, 1],
        [[4], [0], 0, 0],
      ].flatMap(([shape, at, axis, batchDims]) =>
        ofAllTypes(shape as number[]).map((x) => ({
          inputs: { x, indices: wholes(at as number[], 0, (shape as number[])[axis as number]!, 7) },
          attrs: { axis: axis as number, batchDims: batchDims as number },
          outputs: 'cpu' as const,
        })),
      ),
    ),
  GatherNd: () =>
    widths.flatMap((width) =>
      ofAllTypes([3, 3, width]).flatMap((params) => [
        { inputs: { params, indices: wholes([5, 2], 0, 3, 3) }, outputs: 'cpu' as const },
        { inputs: { params, indices: wholes([2, 2, 1], 0, 3, 4) }, outputs: 'cpu' as const },
        { inputs: { params, indices: { ...wholes([4, 3], 0, 1, 4) } }, outputs: 'cpu' as const },
      ]),
    ),
  ScatterNd: () =>
    widths.flatMap((width) =>
      [floats([6, width], 3), wholes([6, width], -9, 9, 3)].map((updates) => ({
        inputs: { indices: wholes([6, 1], 0, 4, 5), updates },
        attrs: { shape: [4, width] },
        outputs: 'cpu' as const,
        tolerance: { relative: 1e-6, absolute: 1e-6 },
      })),
    ),
  TensorScatterUpdate: () =>
    widths.flatMap((width) =>
      [specialFloats, (shape: readonly number[], seed: number) => wholes(shape, -9, 9, seed)].map((make) => ({
        inputs: {
          tensor: make([4, width], 2),
          indices: { shape: [2, 1], dtype: 'int32' as const, values: [3, 1] },
          updates: make([2, width], 3),
        },
        outputs: 'cpu' as const,
      })),
    ),
  OneHot: () =>
    widths.flatMap((depth) =>
      (['float32', 'int32'] as const).map((dtype) => ({
        inputs: { indices: wholes([2, 5], -1, depth + 1, depth) },
        attrs: { depth, onValue: 3, offValue: -1, dtype },
        outputs: 'cpu' as const,
      })),
    ),
};
