import { specialFloats, truths, wholes } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

/** A shape in every type. */
export function ofAllTypes(shape: readonly number[]): Values[] {
  return [specialFloats(shape, 3), wholes(shape, -99, 99, 4), truths(shape, 5)];
}

/** A call for every type of x: nothing is computed, so tfjs-backend-cpu says what comes out. */
export function moves(name: string, calls: readonly (readonly [readonly number[], object])[]): KernelCase[] {
  return calls.flatMap(([shape, attrs]) =>
    ofAllTypes(shape).map((x) => ({ inputs: { [name]: x }, attrs, outputs: 'cpu' as const })),
  );
}

/** Sizes around one, two and four vectors. */
export const widths: readonly number[] = [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33];

const transposes = moves('x', [
  [[], { perm: [] }],
  [[7], { perm: [0] }],
  [[0, 3], { perm: [1, 0] }],
  ...widths.flatMap((width) => [
    [[width, 5], { perm: [1, 0] }] as const,
    [[3, width, 2], { perm: [2, 0, 1] }] as const,
    [[2, 3, width], { perm: [1, 0, 2] }] as const,
  ]),
  [[2, 3, 1, 5], { perm: [3, 1, 0, 2] }],
  [[2, 1, 3, 2, 4], { perm: [4, 2, 0, 3, 1] }],
  [[2, 1, 3, 2, 2, 3], { perm: [5, 3, 1, 0, 4, 2] }],
  [[130, 170], { perm: [1, 0] }],
]);

const slices = moves('x', [
  ...widths.flatMap((width) => [
    [[width], { begin: [Math.floor(width / 2)], size: [-1] }] as const,
    [[width], { begin: [0], size: [0] }] as const,
    [[3, width], { begin: [1, width - 1], size: [2, 1] }] as const,
    [[2, width, 3], { begin: [0, 0, 1], size: [-1, width, 1] }] as const,
  ]),
  [[3, 4, 2, 5], { begin: [1, 0, 1, 2], size: [2, 3, 1, 2] }],
  [[200, 90], { begin: [3, 5], size: [190, 80] }],
]);

const tiles = moves('x', [
  ...widths.flatMap((width) => [
    [[width], { reps: [3] }] as const,
    [[2, width], { reps: [2, 1] }] as const,
    [[width, 2], { reps: [1, 3] }] as const,
  ]),
  [[2, 3, 2], { reps: [2, 1, 3] }],
  [[0, 3], { reps: [2, 2] }],
  [[2, 3], { reps: [0, 2] }],
]);

const reverses = moves('x', [
  [[0], { dims: [0] }],
  ...widths.flatMap((width) => [
    [[width], { dims: [0] }] as const,
    [[3, width], { dims: [1] }] as const,
    [[width, 2], { dims: [0] }] as const,
  ]),
  [[2, 3, 4, 3], { dims: [0, 2, 3] }],
]);

const paddings = moves('x', [
  ...widths.flatMap((width) => [
    [[width], { paddings: [[1, 2]], constantValue: 0 }] as const,
    [
      [2, width],
      {
        paddings: [
          [0, 1],
          [3, 0],
        ],
        constantValue: 1,
      },
    ] as const,
  ]),
  [
    [0, 3],
    {
      paddings: [
        [1, 1],
        [0, 2],
      ],
      constantValue: 1,
    },
  ],
  [
    [2, 3, 2, 3],
    {
      paddings: [
        [0, 1],
        [1, 0],
        [0, 0],
        [2, 2],
      ],
      constantValue: 0,
    },
  ],
]);

const mirrors = moves(
  'x',
  ['reflect', 'symmetric'].flatMap((mode) => [
    ...widths.flatMap((width) => [
      [[width], { paddings: [[width - 1, width - 1]], mode }] as const,
      [
        [3, width],
        {
          paddings: [
            [2, 1],
            [0, width - 1],
          ],
          mode,
        },
      ] as const,
    ]),
    [
      [3, 2, 4],
      {
        paddings: [
          [1, 2],
          [1, 1],
          [3, 0],
        ],
        mode,
      },
    ] as const,
  ]),
);

/** Tensors of one type, joined along an axis. */
function joins(calls: readonly (readonly [readonly (readonly number[])[], number])[]): KernelCase[] {
  return calls.flatMap(([shapes, axis]) =>
    [0, 1, 2].map((type) => ({
      inputs: Object.fromEntries(shapes.map((shape, index) => [String(index), ofAllTypes(shape)[type]!])),
      attrs: { axis },
      outputs: 'cpu' as const,
    })),
  );
}

const concatenations = joins([
  ...widths.flatMap((width) => [
    [[[width], [3], [width]], 0] as const,
    [
      [
        [2, width],
        [2, 1],
      ],
      1,
    ] as const,
    [
      [
        [width, 3],
        [2, 3],
      ],
      0,
    ] as const,
  ]),
  [
    [
      [2, 0, 3],
      [2, 4, 3],
      [2, 1, 3],
    ],
    1,
  ],
  [
    [
      [2, 3, 2, 1],
      [2, 3, 2, 4],
    ],
    3,
  ],
]);

const packs = joins([
  ...widths.map((width) => [[[width], [width], [width]], 1] as const),
  [[[]], 0],
  [
    [
      [2, 3],
      [2, 3],
    ],
    0,
  ],
  [
    [
      [2, 3],
      [2, 3],
    ],
    2,
  ],
  [
    [
      [2, 0],
      [2, 0],
    ],
    1,
  ],
]);

const stridedSlices = moves('x', [
  ...widths.flatMap((width) =>
    [
      { begin: [0], end: [width], strides: [2] },
      { begin: [width], end: [-width - 1], strides: [-1] },
      { begin: [-1], end: [0], strides: [-3] },
      { begin: [1], end: [width], strides: [1] },
    ].map((attrs) => [[width], attrs] as const),
  ),
  [[3, 4, 5], { begin: [0, 1, -1], end: [3, 4, 0], strides: [1, 2, -2] }],
  [[3, 4, 5], { begin: [1, 0], end: [2, 3], strides: [1, 1], ellipsisMask: 0, shrinkAxisMask: 1 }],
  [[3, 4, 5], { begin: [0, 0, 1], end: [0, 0, 4], strides: [1, 1, 2], ellipsisMask: 1 }],
  [[3, 4], { begin: [0, 0, 0], end: [0, 3, 4], strides: [1, 1, 1], newAxisMask: 1, endMask: 2 }],
]);

/** Kernels that move elements and compute nothing. */
export const movementCases: CasesByKernel = {
  Transpose: () => transposes,
  // tfjs-backend-cpu gives a scalar no element here.
  Slice: () => [
    ...slices,
    ...ofAllTypes([]).map((x) => ({ inputs: { x }, attrs: { begin: [], size: [] }, outputs: [x] })),
  ],
  Tile: () => tiles,
  Reverse: () => reverses,
  PadV2: () => paddings,
  MirrorPad: () => mirrors,
  Concat: () => concatenations,
  Pack: () => packs,
  Unpack: () =>
    moves('value', [
      ...widths.flatMap((width) => [[[width, 3], { axis: 1 }] as const, [[3, width], { axis: 0 }] as const]),
      [[2, 3, 4], { axis: 1 }],
      [[0, 3], { axis: 1 }],
    ]),
  SplitV: () =>
    moves('x', [
      ...widths.flatMap((width) => [
        [[width, 3], { numOrSizeSplits: 3, axis: 1 }] as const,
        [[2, width], { numOrSizeSplits: [1, width - 1], axis: 1 }] as const,
      ]),
      [[2, 9, 4], { numOrSizeSplits: [2, -1, 3], axis: 1 }],
    ]),
  StridedSlice: () => stridedSlices,
};
