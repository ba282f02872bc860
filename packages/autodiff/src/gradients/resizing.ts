import * as tf from '@tensorflow/tfjs-core';
import { resize, resizeGradient } from '../internal/resize-matrix.js';
import { runKernel } from '../internal/run-kernel.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Images of another size, by linear interpolation or by the nearest pixel. */
export const resizingGradients: GradientTable = [
  kernelGradient(tf.ResizeBilinear, {
    inputs: ['images'],
    gradient: (dy, [images], attributes) => ({
      // Not with the gradient kernel: it does not read halfPixelCenters, and that of tfjs-backend-cpu confuses height and width.
      images: () => {
        const { alignCorners, halfPixelCenters } = attributes as unknown as tf.ResizeBilinearAttrs;
        return resizeGradient(dy, images!.shape, { method: 'bilinear', alignCorners, halfPixelCenters });
      },
    }),
  }),
  kernelGradient(tf.ResizeNearestNeighbor, {
    inputs: ['images'],
    gradient: (dy, [images], attributes) => ({
      images: () => {
        const { alignCorners, halfPixelCenters } = attributes as unknown as tf.ResizeNearestNeighborAttrs;
        // Nor does this gradient kernel read halfPixelCenters.
        if (!halfPixelCenters) return runKernel(tf.ResizeNearestNeighborGrad, { images: images!, dy }, attributes);
        return resizeGradient(dy, images!.shape, { method: 'nearest', alignCorners, halfPixelCenters });
      },
    }),
  }),
  ...(['bilinear', 'nearest'] as const).map((method) =>
    // Linear in dy; of the images only the shape counts.
    kernelGradient(method === 'bilinear' ? tf.ResizeBilinearGrad : tf.ResizeNearestNeighborGrad, {
      inputs: ['images', 'dy'],
      gradient: (g, [images, dy], attributes) => ({
        images: () => tf.zeros(images!.shape),
        dy: () => {
          const alignCorners = attributes['alignCorners'] as boolean;
          return resize(g, dy!.shape, { method, alignCorners, halfPixelCenters: false });
        },
      }),
    }),
  ),
];
