import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';
import type { Thunks } from './run-operation.js';
import { addBilinear, addNearest, type PixelPlaces } from './sample-pixels.js';

/** The gradients of cutting boxes [boxes, (y1, x1, y2, x2)] out of images and resizing them: by the images, and by the boxes where it interpolates. */
export function cropGradients(
  dy: tf.Tensor,
  [image, boxes, boxInd]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  { cropSize, method }: tf.CropAndResizeAttrs,
): Thunks {
  const [batch, height, width] = image.shape as [number, number, number];
  const [cropHeight, cropWidth] = cropSize;
  const count = boxes.shape[0]!;
  const places = (): PixelPlaces => {
    const down = edges(boxes, 0, height, cropHeight);
    const across = edges(boxes, 1, width, cropWidth);
    const images = alias(boxInd, [count, 1, 1]);
    const all = tf.zeros([count, cropHeight, cropWidth]);
    return {
      rows: tf.add(alias(down.place, [count, cropHeight, 1]), all),
      columns: tf.add(alias(across.place, [count, 1, cropWidth]), all),
      images: tf.add(tf.cast(images, 'float32'), all),
      counts: tf.logicalAnd(
        tf.logicalAnd(alias(down.inside, [count, cropHeight, 1]), alias(across.inside, [count, 1, cropWidth])),
        tf.logicalAnd(tf.less(images, batch), tf.greaterEqual(images, 0)),
      ),
    };
  };
  return {
    image: () => (method === 'nearest' ? addNearest : addBilinear)(dy, places(), image.shape),
    boxes: () => (method === 'nearest' ? tf.zeros(boxes.shape) : byBoxes(dy, image, places())),
    boxInd: () => tf.zeros(boxInd.shape),
  };
}

/** Where the pixels of a crop lie along one dimension of the image, [boxes, pixels], and whether they lie inside it. */
function edges(boxes: tf.Tensor, axis: number, size: number, pixels: number): { place: tf.Tensor; inside: tf.Tensor } {
  const place = tf.matMul(tf.slice(boxes, [0, axis], [-1, 3]), shares(size, pixels));
  // In float32 the last pixel of a whole image may come to lie a hair's breadth outside.
  const slack = size * 1e-6;
  const inside = tf.logicalAnd(tf.greaterEqual(place, -slack), tf.lessEqual(place, size - 1 + slack));
  return { place: tf.clipByValue(place, 0, size - 1), inside };
}

/** Of which parts of a box's first and last edge each pixel's place is made: [3, pixels] for (first, the other dimension's first, last). */
function shares(size: number, pixels: number): tf.Tensor2D {
  const values = new Float32Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const share = pixels > 1 ? pixel / (pixels - 1) : 0.5;
    values[pixel] = (1 - share) * (size - 1);
    values[2 * pixels + pixel] = share * (size - 1);
  }
  return tf.tensor2d(values, [3, pixels]);
}

function byBoxes(dy: tf.Tensor, image: tf.Tensor, { rows, columns, images, counts }: PixelPlaces): tf.Tensor {
  const [, height, width, channels] = image.shape as [number, number, number, number];
  const pixels = alias(image, [image.size / channels, channels]);
  const [top, left] = [tf.floor(rows), tf.floor(columns)];
  const whole = (x: tf.Tensor): tf.Tensor => tf.cast(tf.where(counts, x, tf.zerosLike(x)), 'int32');
  const read = (row: number, column: number): tf.Tensor => {
    const y = whole(tf.minimum(tf.add(top, row), height - 1));
    const x = whole(tf.minimum(tf.add(left, column), width - 1));
    const line = tf.add(tf.mul(whole(images), tf.scalar(height, 'int32')), y);
    return tf.gather(pixels, tf.add(tf.mul(line, tf.scalar(width, 'int32')), x));
  };
  const [a, b, c, d] = [read(0, 0), read(0, 1), read(1, 0), read(1, 1)];
  const fraction = (x: tf.Tensor, floor: tf.Tensor): tf.Tensor => tf.expandDims(tf.sub(x, floor), -1);
  const mix = (from: tf.Tensor, to: tf.Tensor, share: tf.Tensor): tf.Tensor =>
    tf.add(from, tf.mul(tf.sub(to, from), share));
  const [down, across] = [fraction(rows, top), fraction(columns, left)];
  const used = tf.mul(dy, tf.expandDims(tf.cast(counts, 'float32'), -1));
  // How the result changes as the place that is read moves, then how the place moves with the box.
  const byRow = tf.sum(tf.mul(used, tf.sub(mix(c, d, across), mix(a, b, across))), [2, 3]);
  const byColumn = tf.sum(tf.mul(used, tf.sub(mix(b, d, down), mix(a, c, down))), [1, 3]);
  const rowParts = tf.matMul(byRow as tf.Tensor2D, shares(height, byRow.shape[1]!), false, true);
  const columnParts = tf.matMul(byColumn as tf.Tensor2D, shares(width, byColumn.shape[1]!), false, true);
  return tf.add(
    tf.pad(rowParts, [
      [0, 0],
      [0, 1],
    ]),
    tf.pad(columnParts, [
      [0, 0],
      [1, 0],
    ]),
  );
}
