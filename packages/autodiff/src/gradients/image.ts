import { GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { alias } from '../internal/alias.js';
import { cropGradients } from '../internal/crop-gradients.js';
import { mapCoordinate } from '../internal/map-coordinate.js';
import { runKernel } from '../internal/run-kernel.js';
import { addBilinear, addNearest } from '../internal/sample-pixels.js';
import { kernelGradient, type GradientTable } from './gradient-table.js';

/** Kernels that read the pixels of images at other places: gradients are added up where the pixels came from. */
export const imageGradients: GradientTable = [
  kernelGradient(tf.FlipLeftRight, {
    gradient: (dy) => ({ image: () => runKernel(tf.FlipLeftRight, { image: dy }) }),
  }),
  kernelGradient(tf.RotateWithOffset, {
    gradient: (dy, _saved, attributes) => ({ image: () => rotateBack(dy, attributes) }),
  }),
  kernelGradient(tf.Transform, {
    inputs: ['image', 'transforms'],
    gradient: (dy, [image, transforms], attributes) => ({
      image: () => transformBack(dy, image!, transforms!, attributes as unknown as tf.TransformAttrs),
      transforms: () => {
        throw new GradstreamError('GS_AUTODIFF_TRANSFORMS', {
          where: 'autodiff/transform',
          what: 'Images can be differentiated, the transforms themselves cannot',
          expected: 'transforms that are constants',
          received: 'transforms that depend on a wanted variable',
          next: 'Take them out of the differentiated part, for example with values read before.',
        });
      },
    }),
  }),
  kernelGradient(tf.CropAndResize, {
    inputs: ['image', 'boxes', 'boxInd'],
    gradient: (dy, [image, boxes, boxInd], attributes) =>
      cropGradients(dy, [image!, boxes!, boxInd!], attributes as unknown as tf.CropAndResizeAttrs),
  }),
];

/** Where each pixel came from is found by rotating an image of pixel numbers, so that it is rounded as the backend rounds. */
function rotateBack(dy: tf.Tensor, attributes: tf.NamedAttrMap): tf.Tensor {
  const [batch, height, width, channels] = dy.shape as [number, number, number, number];
  const pixels = height * width;
  const numbers = alias(tf.range(1, pixels + 1), [1, height, width, 1]);
  // What came from outside is 0, the one fill that all backends read alike.
  const sources = runKernel(tf.RotateWithOffset, { image: numbers }, { ...attributes, fillValue: 0 });
  const read = tf.greater(sources, 0);
  const places = alias(tf.cast(tf.relu(tf.sub(sources, 1)), 'int32'), [pixels, 1]);
  const kept = tf.mul(dy, tf.cast(read, 'float32'));
  // All images alike: they lie beside each other in the rows that are added up.
  const rows = alias(tf.transpose(alias(kept, [batch, pixels, channels]), [1, 0, 2]), [pixels, batch * channels]);
  const sums = alias(tf.scatterND(places, rows, [pixels, batch * channels]), [pixels, batch, channels]);
  return alias(tf.transpose(sums, [1, 0, 2]), dy.shape);
}

function transformBack(
  dy: tf.Tensor,
  image: tf.Tensor,
  transforms: tf.Tensor,
  attributes: tf.TransformAttrs,
): tf.Tensor {
  const [batch, outHeight, outWidth] = dy.shape as [number, number, number];
  const [, height, width] = image.shape as [number, number, number];
  const pixels = outHeight * outWidth;
  const column = (index: number): tf.Tensor => tf.slice(transforms, [0, index], [-1, 1]);
  const x = alias(tf.tile(tf.range(0, outWidth), [outHeight]), [1, pixels]);
  const y = alias(tf.tile(alias(tf.range(0, outHeight), [outHeight, 1]), [1, outWidth]), [1, pixels]);
  const plane = (a: number): tf.Tensor => tf.add(tf.mul(column(a), x), tf.mul(column(a + 1), y));
  const projection = tf.add(plane(6), 1);
  // One transform may serve all images.
  const each = tf.zeros([batch, 1]);
  const coordinate = (a: number, size: number): tf.Tensor => {
    const straight = tf.div(tf.add(plane(a), column(a + 2)), projection);
    return tf.add(mapCoordinate(straight, size, attributes.fillMode), each);
  };
  const rows = coordinate(3, height);
  const places = {
    rows,
    columns: coordinate(0, width),
    images: tf.add(alias(tf.range(0, batch), [batch, 1]), tf.zerosLike(rows)),
    counts: tf.notEqual(tf.add(projection, each), 0),
  };
  const add = attributes.interpolation === 'nearest' ? addNearest : addBilinear;
  return add(dy, places, image.shape);
}
