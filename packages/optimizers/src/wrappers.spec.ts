import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, it } from 'vitest';
import {
  checkGroups,
  checkLookahead,
  checkLossScale,
  lookaheadCases,
  lossScaleCases,
} from '../fixtures/optimizer-cases.js';

describe.each(['cpu', 'wasm'])('the numbers of wrappers on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it.each(lossScaleCases.map((one) => [JSON.stringify(one.inner), one] as const))(
    "lossScale(%s) is Keras' LossScaleOptimizer",
    (_, one) => checkLossScale(one),
  );

  it("byPattern is Keras' MultiOptimizer", () => checkGroups());

  it.each(lookaheadCases)('lookahead of $steps steps with alpha $alpha', (one) => checkLookahead(one));
});
