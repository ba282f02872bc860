import { grads, memory, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Tolerance } from './to-be-all-close.js';

/** Options of `gradientCheck`. */
export interface GradientCheckOptions {
  /** The places of the inputs to differentiate by. Default: all float32 inputs. */
  readonly wanted?: readonly number[];
  /** How far an element is moved. Default 1/32. Keep every input at least that far from a kink. */
  readonly step?: number;
  /** How near the gradient has to be to the finite difference. Default: 2e-4 absolute, 5e-4 relative. */
  readonly tolerance?: Tolerance;
}

/**
 * Throws unless the gradients of a function agree with finite differences of it, have the inputs' shapes, and leave no tensor behind.
 *
 * The function's result is weighted element by element with fixed numbers, so that every element counts. Each element of each wanted input is moved
 * both ways by the step and by half of it; the two differences are extrapolated, which leaves an error of the fourth power of the step. For second
 * derivatives, check a function that itself returns a gradient.
 */
export function gradientCheck(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradientCheckOptions = {},
): void {
  const { step = 1 / 32, tolerance = {} } = options;
  const wanted = options.wanted ?? inputs.flatMap((input, index) => (input.dtype === 'float32' ? [index] : []));
  const before = memory().numTensors;
  const gradients = analytic(f, inputs, wanted);
  const after = memory().numTensors;
  if (after !== before) throw new Error(`The gradient left ${after - before} tensors behind`);
  for (const [place, index] of wanted.entries()) {
    const { shape, values } = gradients[place]!;
    const input = inputs[index]!;
    if (shape.join() !== input.shape.join())
      throw new Error(`The gradient of input ${index} has the shape [${shape}] where [${input.shape}] was expected`);
    for (let element = 0; element < input.size; element++) {
      const difference = extrapolated((move) => weightedSum(f, inputs, index, element, move), step);
      compare(values[element]!, difference, tolerance, `input ${index}, element ${element}`);
    }
  }
}

interface Gradient {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

function analytic(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  wanted: readonly number[],
): Gradient[] {
  return tidy(() => {
    const { shape, size } = f(...inputs);
    const dy = tensor(weights(size), shape);
    const of = grads((...moved) =>
      f(...inputs.map((input, index) => (wanted.includes(index) ? moved[wanted.indexOf(index)]! : input))),
    );
    const results = of(
      wanted.map((index) => inputs[index]!),
      dy,
    );
    // A gradient that hands on dy itself lets the engine dispose what it does not own.
    if (dy.isDisposed) throw new Error('The gradient disposed of the gradient it was given');
    return results.map((result) => ({ shape: result.shape, values: result.dataSync<'float32'>().slice() }));
  });
}

/** The function's result with one element of one input moved, weighted and summed in float64; with the distance that float32 really moved it. */
function weightedSum(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  index: number,
  element: number,
  move: number,
): [number, number] {
  return tidy(() => {
    const input = inputs[index]!;
    const values = input.dataSync<'float32'>().slice();
    const start = values[element]!;
    values[element] = start + move;
    const moved = tensor(values, input.shape, 'float32');
    const result = f(...inputs.map((other, place) => (place === index ? moved : other))).dataSync();
    const factors = weights(result.length);
    return [factors.reduce((sum, factor, i) => sum + factor * result[i]!, 0), values[element]! - start];
  });
}

/** Richardson's extrapolation of two central differences. */
function extrapolated(f: (move: number) => [number, number], step: number): number {
  const slope = (h: number): number => {
    const [high, up] = f(h);
    const [low, down] = f(-h);
    return (high - low) / (up - down);
  };
  return (4 * slope(step / 2) - slope(step)) / 3;
}

function compare(
  received: number,
  expected: number,
  { absolute = 2e-4, relative = 5e-4 }: Tolerance,
  where: string,
): void {
  if (Math.abs(received - expected) <= absolute + relative * Math.abs(expected)) return;
  throw new Error(`The gradient by ${where} is ${received} where finite differences give ${expected}`);
}

/** Numbers between 1/2 and 3/2 of either sign, without a pattern that sums could hide. */
function weights(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => (i % 3 === 1 ? -1 : 1) * (0.5 + ((i * 7919 + 13) % 101) / 101));
}
