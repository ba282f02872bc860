import type { CasesByKernel } from './kernel-case.js';
import { moves } from './movement.js';

const blocks = moves('x', [
  ...[1, 2, 3, 4, 5].flatMap((depth) => [
    [[2, 3, 2, depth * 4], { blockSize: 2, dataFormat: 'NHWC' }] as const,
    [[1, 2, 3, depth * 9], { blockSize: 3, dataFormat: 'NHWC' }] as const,
  ]),
  [[0, 2, 2, 4], { blockSize: 2, dataFormat: 'NHWC' }],
]);

const toBatch = moves(
  'x',
  [1, 3, 4, 5, 8].flatMap((depth) => [
    [
      [2, 4, 6, depth],
      {
        blockShape: [2, 3],
        paddings: [
          [0, 0],
          [0, 0],
        ],
      },
    ] as const,
    [
      [1, 3, 5, depth],
      {
        blockShape: [2, 2],
        paddings: [
          [1, 0],
          [0, 1],
        ],
      },
    ] as const,
    [[2, 5, depth], { blockShape: [3], paddings: [[0, 1]] }] as const,
  ]),
);

const fromBatch = moves(
  'x',
  [1, 3, 4, 5, 8].flatMap((depth) => [
    [
      [6, 2, 2, depth],
      {
        blockShape: [2, 3],
        crops: [
          [0, 0],
          [0, 0],
        ],
      },
    ] as const,
    [
      [4, 2, 3, depth],
      {
        blockShape: [2, 2],
        crops: [
          [1, 0],
          [0, 1],
        ],
      },
    ] as const,
    [[6, 2, depth], { blockShape: [3], crops: [[0, 1]] }] as const,
  ]),
);

/** Kernels that move blocks of space into other dimensions and back. */
export const blockCases: CasesByKernel = {
  DepthToSpace: () => blocks,
  SpaceToBatchND: () => toBatch,
  BatchToSpaceND: () => fromBatch,
};
