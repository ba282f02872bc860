import { registerGradients } from '@gradstream/autodiff';
import { computeLoss, lossFromConfig } from '@gradstream/objectives/losses';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkLoss, lossFamilies } from '../packages/objectives/fixtures/loss-case.js';
import special from '../packages/objectives/fixtures/loss-reductions-special.json' with { type: 'json' };

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

interface Example {
  readonly type: string;
  readonly options: Record<string, never>;
  readonly yTrue: Numbers;
  readonly yPred: Numbers;
}

interface Reductions extends Example {
  readonly weights: Numbers[];
  readonly mask: Numbers | null;
  readonly rows: readonly {
    readonly reduction: string;
    readonly weight: number;
    readonly mask: boolean;
    readonly value: number[];
  }[];
}

const tolerance = { relative: 1e-5, absolute: 1e-7 };
const tensor = ({ values, shape }: Numbers, dtype?: tf.NumericDataType | 'bool'): tf.Tensor =>
  tf.tensor(values, shape, dtype);

describe('the losses of Keras on wasm-simd', () => {
  beforeAll(async () => {
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
    registerGradients();
  });

  it.each(Object.entries(lossFamilies))('%s and their gradients', (_, cases) => {
    for (const one of cases) checkLoss(one);
  });

  it('and their reductions', () => {
    for (const one of special.cases as unknown as Reductions[]) {
      for (const row of one.rows) {
        tf.tidy(() => {
          const loss = lossFromConfig({ type: one.type, config: { ...one.options, reduction: row.reduction } });
          const weight = one.weights[row.weight];
          const value = computeLoss(loss, tensor(one.yTrue, loss.targetDtype), tensor(one.yPred), {
            ...(weight === undefined ? {} : { sampleWeight: tensor(weight) }),
            ...(row.mask ? { mask: tensor(one.mask!, 'bool') } : {}),
          });
          expectAllClose(value, row.value, tolerance);
        });
      }
    }
  });
});
