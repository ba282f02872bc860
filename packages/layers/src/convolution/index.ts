export { conv1d } from './conv1d.js';
export { conv1dTranspose } from './conv1d-transpose.js';
export { conv2d } from './conv2d.js';
export { conv2dTranspose } from './conv2d-transpose.js';
export { conv3d } from './conv3d.js';
export { conv3dTranspose } from './conv3d-transpose.js';
export { depthwiseConv1d } from './depthwise-conv1d.js';
export { depthwiseConv2d } from './depthwise-conv2d.js';
export { separableConv1d } from './separable-conv1d.js';
export { separableConv2d } from './separable-conv2d.js';
export type {
  ConvolutionOptions,
  ConvOptions,
  ConvTransposeOptions,
  DepthwiseConvOptions,
  EachDimension,
  SeparableConvOptions,
  SpatialRank,
} from './convolution-options.js';
