import { sizeOf, type Json } from '@gradstream/core';
import { tensor } from '@tensorflow/tfjs-core';
import type { Initializer } from '../initializer.js';
import { checkWeightShape } from './check-weight-shape.js';

/** An initializer that gives one number everywhere. It throws `GS_INITIALIZER_SHAPE` for a shape with unknown sizes. */
export function fromConstant(type: string, config: Readonly<Record<string, Json>>, value: number): Initializer {
  const where = `initializers/${type.toLowerCase()}`;
  const initialize = (shape: readonly number[]): ReturnType<Initializer> => {
    checkWeightShape(where, shape);
    return tensor(new Float32Array(sizeOf(shape)).fill(value), [...shape], 'float32');
  };
  return Object.assign(initialize, { config: { type, config } });
}
