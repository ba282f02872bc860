import { conv1d } from '../../convolution/conv1d.js';
import { conv1dTranspose } from '../../convolution/conv1d-transpose.js';
import { conv2d } from '../../convolution/conv2d.js';
import { conv2dTranspose } from '../../convolution/conv2d-transpose.js';
import { conv3d } from '../../convolution/conv3d.js';
import { conv3dTranspose } from '../../convolution/conv3d-transpose.js';
import { depthwiseConv1d } from '../../convolution/depthwise-conv1d.js';
import { depthwiseConv2d } from '../../convolution/depthwise-conv2d.js';
import { separableConv1d } from '../../convolution/separable-conv1d.js';
import { separableConv2d } from '../../convolution/separable-conv2d.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The convolutions. */
export const CONVOLUTION_TYPES: LayerTypes = {
  Conv1D: layerType(conv1d, 'filters', 'kernelSize'),
  Conv1DTranspose: layerType(conv1dTranspose, 'filters', 'kernelSize'),
  Conv2D: layerType(conv2d, 'filters', 'kernelSize'),
  Conv2DTranspose: layerType(conv2dTranspose, 'filters', 'kernelSize'),
  Conv3D: layerType(conv3d, 'filters', 'kernelSize'),
  Conv3DTranspose: layerType(conv3dTranspose, 'filters', 'kernelSize'),
  DepthwiseConv1D: layerType(depthwiseConv1d, 'kernelSize'),
  DepthwiseConv2D: layerType(depthwiseConv2d, 'kernelSize'),
  SeparableConv1D: layerType(separableConv1d, 'filters', 'kernelSize'),
  SeparableConv2D: layerType(separableConv2d, 'filters', 'kernelSize'),
};
