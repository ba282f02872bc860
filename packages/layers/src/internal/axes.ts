import { describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { reshape, transpose, type Tensor } from '@tensorflow/tfjs-core';
import { shapeError } from './shape-error.js';

/** Throws `GS_OPTION_VALUE` unless the value is a whole number or a list of different ones; gives the list. */
export function checkAxes(where: string, axis: unknown): readonly number[] {
  const axes: readonly unknown[] = Array.isArray(axis) ? axis : [axis];
  if (axes.length > 0 && axes.every((one) => Number.isSafeInteger(one)) && new Set(axes).size === axes.length)
    return axes as readonly number[];
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The axis cannot be used',
    expected: 'a whole number, or a list of different ones',
    received: describeValue(axis),
    next: 'Use -1 for the last dimension.',
  });
}

/** The places of axes in a shape, from 0 on, in rising order. Throws `GS_LAYER_SHAPE` for one that is not there, or twice. */
export function placesOf(type: string, path: string, shape: Shape, axes: readonly number[]): readonly number[] {
  const places = axes.map((axis) => (axis < 0 ? shape.length + axis : axis));
  const wrong = axes.find((_, index) => !(places[index]! >= 0 && places[index]! < shape.length));
  if (wrong !== undefined || new Set(places).size < places.length) {
    throw shapeError(
      type,
      path,
      wrong === undefined ? 'An axis comes twice' : `There is no axis ${wrong}`,
      `different axes from ${-shape.length} to ${shape.length - 1}`,
      shape,
      'Choose another axis.',
    );
  }
  return places.toSorted((a, b) => a - b);
}

/** The sizes at these places. Throws `GS_LAYER_SHAPE` for one that is not known: weights have that size. */
export function knownSizes(type: string, path: string, shape: Shape, places: readonly number[]): readonly number[] {
  const sizes = places.map((place) => shape[place]!);
  const unknown = sizes.indexOf(null as never);
  if (unknown < 0) return sizes as readonly number[];
  throw shapeError(
    type,
    path,
    `The size of dimension ${places[unknown]} is not known, and the weights need it`,
    'a known size',
    shape,
    'Give that dimension a size.',
  );
}

/** Runs `f` on a tensor whose given dimensions are joined to one at the end, and puts the result, of the same shape, back in place. */
export function onLastAxis(x: Tensor, places: readonly number[], f: (x: Tensor) => Tensor): Tensor {
  const others = x.shape.map((_, place) => place).filter((place) => !places.includes(place));
  const order = [...others, ...places];
  const inOrder = order.every((place, index) => place === index);
  const moved = inOrder ? x : transpose(x, order);
  const n = places.reduce((size, place) => size * x.shape[place]!, 1);
  const result =
    places.length === 1
      ? f(moved)
      : reshape(f(reshape(moved, [...others.map((place) => x.shape[place]!), n])), moved.shape);
  if (inOrder) return result;
  return transpose(
    result,
    order.map((_, place) => order.indexOf(place)),
  );
}
