import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { onFloat } from './on-float.js';
import { withGradient } from './with-gradient.js';

/** A function `f` element by element: `f(x)` and its derivative `f'(x)`. */
export interface Elementwise {
  readonly value: (x: Tensor) => Tensor;
  readonly slope: (x: Tensor) => Tensor;
}

/**
 * An elementwise function with a derivative of its own: the gradient is `dy * slope(x)`.
 *
 * Used where differentiating the operations of `value` one by one would lose digits, overflow, or cost more. Only `x` is kept for the way back.
 */
export function withSlope(name: string, x: Tensor, { value, slope }: Elementwise): Tensor {
  return onFloat(name, x, (input) =>
    withGradient(input, {
      forward: (kept) => ({ value: value(kept), kept }),
      backward: (dy, kept) => mul(dy, slope(kept)),
    }),
  );
}
