import * as our from '@gradstream/layers';
import { layers as their } from '@tensorflow/tfjs-layers';

const ROWS = [[128, 1024]];
const STEPS = [[32, 64, 128]];
const IMAGES = [[32, 28, 28, 16]];

/** Normalization, noise, reshaping, merging and preprocessing. */
export const shapeCases = [
  {
    name: 'batch normalization',
    input: IMAGES,
    ours: () => our.batchNormalization(),
    theirs: () => their.batchNormalization(),
  },
  {
    name: 'batch normalization, rows',
    input: ROWS,
    ours: () => our.batchNormalization(),
    theirs: () => their.batchNormalization(),
  },
  {
    name: 'layer normalization',
    input: STEPS,
    ours: () => our.layerNormalization(),
    theirs: () => their.layerNormalization(),
  },
  { name: 'dropout', input: ROWS, ours: () => our.dropout(0.3), theirs: () => their.dropout({ rate: 0.3 }) },
  {
    name: 'spatial dropout 1d',
    input: STEPS,
    ours: () => our.spatialDropout1d(0.3),
    theirs: () => their.spatialDropout1d({ rate: 0.3 }),
  },
  {
    name: 'gaussian noise',
    input: ROWS,
    ours: () => our.gaussianNoise(0.1),
    theirs: () => their.gaussianNoise({ stddev: 0.1 }),
  },
  {
    name: 'gaussian dropout',
    input: ROWS,
    ours: () => our.gaussianDropout(0.3),
    theirs: () => their.gaussianDropout({ rate: 0.3 }),
  },
  {
    name: 'alpha dropout',
    input: ROWS,
    ours: () => our.alphaDropout(0.3),
    theirs: () => their.alphaDropout({ rate: 0.3 }),
  },
  { name: 'flatten', input: IMAGES, ours: () => our.flatten(), theirs: () => their.flatten() },
  {
    name: 'reshape',
    input: IMAGES,
    ours: () => our.reshape([784, 16]),
    theirs: () => their.reshape({ targetShape: [784, 16] }),
  },
  { name: 'permute', input: STEPS, ours: () => our.permute([2, 1]), theirs: () => their.permute({ dims: [2, 1] }) },
  {
    name: 'repeatVector',
    input: [[32, 128]],
    ours: () => our.repeatVector(64),
    theirs: () => their.repeatVector({ n: 64 }),
  },
  {
    name: 'zero padding 2d',
    input: IMAGES,
    ours: () => our.zeroPadding2d(2),
    theirs: () => their.zeroPadding2d({ padding: 2 }),
  },
  {
    name: 'cropping 2d',
    input: IMAGES,
    ours: () => our.cropping2d(2),
    theirs: () =>
      their.cropping2D({
        cropping: [
          [2, 2],
          [2, 2],
        ],
      }),
  },
  {
    name: 'upsampling 2d, nearest',
    input: IMAGES,
    ours: () => our.upSampling2d(2),
    theirs: () => their.upSampling2d({ size: [2, 2] }),
  },
  {
    name: 'upsampling 2d, bilinear',
    input: IMAGES,
    ours: () => our.upSampling2d(2, { interpolation: 'bilinear' }),
    theirs: () => their.upSampling2d({ size: [2, 2], interpolation: 'bilinear' }),
  },
  ...['add', 'multiply', 'average', 'maximum', 'minimum'].map((name) => ({
    name: `${name} of two`,
    input: [ROWS[0], ROWS[0]],
    ours: () => our[name](),
    theirs: () => their[name](),
  })),
  {
    name: 'concatenate of two',
    input: [STEPS[0], STEPS[0]],
    ours: () => our.concatenate(),
    theirs: () => their.concatenate(),
  },
  {
    name: 'dot of two',
    input: [ROWS[0], ROWS[0]],
    ours: () => our.dot({ axes: 1 }),
    theirs: () => their.dot({ axes: 1 }),
  },
  { name: 'masking', input: STEPS, ours: () => our.masking(), theirs: () => their.masking() },
  {
    name: 'rescaling',
    input: IMAGES,
    ours: () => our.rescaling(2, { offset: 1 }),
    theirs: () => their.rescaling({ scale: 2, offset: 1 }),
  },
  {
    name: 'resizing',
    input: IMAGES,
    ours: () => our.resizing(14, 14),
    theirs: () => their.resizing({ height: 14, width: 14 }),
  },
];
