import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, it } from 'vitest';
import adaptive from '../fixtures/adaptive.json' with { type: 'json' };
import baseOptions from '../fixtures/base-options.json' with { type: 'json' };
import { expectSteps, kerasOptimizer, titleOf, type KerasCase, type Values } from '../fixtures/keras-case.js';
import layerwise from '../fixtures/layerwise.json' with { type: 'json' };
import scheduleFree from '../fixtures/schedule-free.json' with { type: 'json' };
import { emaWeights } from './index.js';

describe.each(['cpu', 'wasm'])("the numbers of Keras' other optimizers on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  const cases = [adaptive, layerwise, baseOptions, scheduleFree].flatMap((fixture) =>
    (fixture.cases as unknown as KerasCase[]).map((one) => [titleOf(one), one, fixture] as const),
  );
  it.each(cases)('%s', (_, one, fixture) => {
    tf.tidy(() => {
      const state = expectSteps(kerasOptimizer(one, fixture.schedule[0]!), fixture as never, one.updates);
      if (one.average === undefined) return;
      const averages = emaWeights(state);
      for (const [path, values] of Object.entries<Values>(one.average))
        expectAllClose(averages[path]!, values, { relative: 1e-5, absolute: 3e-7 });
    });
  });
});
