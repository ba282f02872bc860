import * as our from '@gradstream/layers';
import { layers as their } from '@tensorflow/tfjs-layers';

const IMAGES = [[32, 28, 28, 16]];

/** Convolutions and pooling. */
export const convolutionCases = [
  {
    name: 'conv1d 5, 64 to 64',
    input: [[32, 128, 64]],
    ours: () => our.conv1d(64, 5),
    theirs: () => their.conv1d({ filters: 64, kernelSize: 5 }),
  },
  {
    name: 'conv2d 3x3, 1 to 32',
    input: [[32, 28, 28, 1]],
    ours: () => our.conv2d(32, 3, { activation: 'relu' }),
    theirs: () => their.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
  },
  {
    name: 'conv2d 3x3, 32 to 64',
    input: [[32, 13, 13, 32]],
    ours: () => our.conv2d(64, 3, { activation: 'relu' }),
    theirs: () => their.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
  },
  {
    name: 'conv2d 1x1, 64 to 64',
    input: [[32, 14, 14, 64]],
    ours: () => our.conv2d(64, 1),
    theirs: () => their.conv2d({ filters: 64, kernelSize: 1 }),
  },
  {
    name: 'conv2d 3x3, stride 2, same',
    input: IMAGES,
    ours: () => our.conv2d(32, 3, { strides: 2, padding: 'same' }),
    theirs: () => their.conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: 'same' }),
  },
  {
    name: 'conv2d 3x3, dilation 2',
    input: IMAGES,
    ours: () => our.conv2d(32, 3, { dilationRate: 2 }),
    theirs: () => their.conv2d({ filters: 32, kernelSize: 3, dilationRate: 2 }),
  },
  {
    name: 'conv3d 3x3x3, 8 to 16',
    input: [[4, 12, 12, 12, 8]],
    ours: () => our.conv3d(16, 3),
    theirs: () => their.conv3d({ filters: 16, kernelSize: 3 }),
  },
  {
    name: 'conv2d transposed 3x3, stride 2',
    input: [[32, 14, 14, 32]],
    ours: () => our.conv2dTranspose(16, 3, { strides: 2, padding: 'same' }),
    theirs: () => their.conv2dTranspose({ filters: 16, kernelSize: 3, strides: 2, padding: 'same' }),
  },
  {
    name: 'conv3d transposed 3x3x3',
    input: [[4, 8, 8, 8, 8]],
    ours: () => our.conv3dTranspose(8, 3),
    theirs: () => their.conv3dTranspose({ filters: 8, kernelSize: 3 }),
  },
  {
    name: 'depthwise conv2d 3x3',
    input: IMAGES,
    ours: () => our.depthwiseConv2d(3),
    theirs: () => their.depthwiseConv2d({ kernelSize: 3 }),
  },
  {
    name: 'separable conv2d 3x3, 16 to 32',
    input: IMAGES,
    ours: () => our.separableConv2d(32, 3),
    theirs: () => their.separableConv2d({ filters: 32, kernelSize: 3 }),
  },
  {
    name: 'max pooling 1d',
    input: [[32, 128, 64]],
    ours: () => our.maxPooling1d(2),
    theirs: () => their.maxPooling1d({ poolSize: 2 }),
  },
  {
    name: 'average pooling 1d',
    input: [[32, 128, 64]],
    ours: () => our.averagePooling1d(2),
    theirs: () => their.averagePooling1d({ poolSize: 2 }),
  },
  {
    name: 'max pooling 2d',
    input: IMAGES,
    ours: () => our.maxPooling2d(2),
    theirs: () => their.maxPooling2d({ poolSize: 2 }),
  },
  {
    name: 'max pooling 2d 3x3, stride 2',
    input: IMAGES,
    ours: () => our.maxPooling2d(3, { strides: 2, padding: 'same' }),
    theirs: () => their.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }),
  },
  {
    name: 'average pooling 2d',
    input: IMAGES,
    ours: () => our.averagePooling2d(2),
    theirs: () => their.averagePooling2d({ poolSize: 2 }),
  },
  {
    name: 'max pooling 3d',
    input: [[4, 12, 12, 12, 16]],
    ours: () => our.maxPooling3d(2),
    theirs: () => their.maxPooling3d({ poolSize: 2 }),
  },
  {
    name: 'average pooling 3d',
    input: [[4, 12, 12, 12, 16]],
    ours: () => our.averagePooling3d(2),
    theirs: () => their.averagePooling3d({ poolSize: 2 }),
  },
  {
    name: 'global average pooling 1d',
    input: [[32, 128, 64]],
    ours: () => our.globalAveragePooling1d(),
    theirs: () => their.globalAveragePooling1d(),
  },
  {
    name: 'global average pooling 2d',
    input: IMAGES,
    ours: () => our.globalAveragePooling2d(),
    theirs: () => their.globalAveragePooling2d({}),
  },
  {
    name: 'global max pooling 1d',
    input: [[32, 128, 64]],
    ours: () => our.globalMaxPooling1d(),
    theirs: () => their.globalMaxPooling1d(),
  },
  {
    name: 'global max pooling 2d',
    input: IMAGES,
    ours: () => our.globalMaxPooling2d(),
    theirs: () => their.globalMaxPooling2d({}),
  },
];
