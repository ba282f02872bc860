import { registerGradients } from '@gradstream/autodiff';
import { computeLoss, lossFromConfig } from '@gradstream/objectives/losses';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import crossentropies from '../packages/objectives/fixtures/loss-crossentropies.json' with { type: 'json' };
import focal from '../packages/objectives/fixtures/loss-focal.json' with { type: 'json' };
import margins from '../packages/objectives/fixtures/loss-margins.json' with { type: 'json' };
import special from '../packages/objectives/fixtures/loss-reductions-special.json' with { type: 'json' };
import regressions from '../packages/objectives/fixtures/loss-regressions.json' with { type: 'json' };
import structures from '../packages/objectives/fixtures/loss-structures.json' with { type: 'json' };

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

interface Case extends Example {
  readonly values: number[];
  readonly gradient: number[] | null;
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

const families = { crossentropies, focal, margins, regressions, structures };
const tolerance = { relative: 1e-5, absolute: 1e-7 };
const tensor = ({ values, shape }: Numbers, dtype?: tf.NumericDataType | 'bool'): tf.Tensor =>
  tf.tensor(values, shape, dtype);

describe('the losses of Keras on wasm-simd', () => {
  beforeAll(async () => {
    expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
    registerGradients();
  });

  it.each(Object.keys(families) as (keyof typeof families)[])('%s and their gradients', (family) => {
    const before = tf.memory().numTensors;
    for (const one of families[family].cases as unknown as Case[]) {
      tf.tidy(() => {
        const loss = lossFromConfig({ type: one.type, config: one.options });
        const yTrue = tensor(one.yTrue, loss.targetDtype);
        const yPred = tensor(one.yPred);
        const values = loss.call(yTrue, yPred);
        expectAllClose(values, one.values, tolerance);
        const slope = tf.fill(values.shape, 1 / values.size);
        const gradient = tf.grad((p: tf.Tensor) => loss.call(yTrue, p))(yPred, slope);
        if (one.gradient !== null) expectAllClose(gradient, one.gradient, tolerance);
      });
    }
    expect(tf.memory().numTensors).toBe(before);
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
