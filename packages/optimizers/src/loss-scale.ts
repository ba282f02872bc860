import { checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import {
  add,
  all,
  div,
  equal,
  fill,
  isFinite as finiteOf,
  logicalAnd,
  mul,
  onesLike,
  tidy,
  where as select,
  zeros,
  zerosLike,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { GradientTransformation, OptimizerState, Tensors } from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { filled } from './internal/filled.js';
import { stepOf } from './internal/inner-step.js';
import { nestedConfig } from './internal/nested-config.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { selectState } from './internal/select-state.js';
import { entryOf, tensorEntry } from './internal/state-access.js';

/** Options of `lossScale`. */
export interface LossScaleOptions {
  /** The scale of the first step, above 0. Default 32,768. */
  readonly initialScale?: number;
  /** After so many steps with finite gradients the scale doubles, an integer above 0. Default 2000. */
  readonly dynamicGrowthSteps?: number;
}

/**
 * Scales the loss as far up as its gradients stay finite, so that small ones do not vanish: Keras' `LossScaleOptimizer`.
 *
 * The loss is to be multiplied with the scale (`scaledLoss`); the gradients are divided by it before `inner` sees them. Where one is not finite,
 * the updates are 0, `inner` keeps its state, and the scale is halved. All of that is selected on the device. A trainer's own clipping before the
 * optimizer sees gradients of the scaled loss; clip inside instead.
 *
 * State: `dynamicScale`, `stepCounter` (int32) and `inner`. An inner `lossScaleFactor` is multiplied on top; Keras drops it. Throws `GS_OPTION_*` for bad options,
 * `GS_OPTIMIZER_PART` for a bad inner part, and `GS_OPTIMIZER_LOSS_SCALE` where `inner` accumulates gradients: accumulate outside,
 * `accumulateGradients(4, lossScale(adam()))`, which skips a whole step where one of its gradients is not finite.
 */
export function lossScale(inner: GradientTransformation, options: LossScaleOptions = {}): GradientTransformation {
  const where = 'optimizers/lossScale';
  checkPart(where, inner);
  checkOptions(where, options, ['initialScale', 'dynamicGrowthSteps']);
  const initialScale = checkNumber(where, 'initialScale', options.initialScale ?? 2 ** 15, {
    min: 0,
    exclusive: 'min',
  });
  const growthSteps = options.dynamicGrowthSteps ?? 2000;
  const dynamicGrowthSteps = checkNumber(where, 'dynamicGrowthSteps', growthSteps, { min: 1, integer: true });

  const init = (params: Tensors): OptimizerState => ({
    dynamicScale: filled(initialScale),
    stepCounter: zeros([], 'int32'),
    inner: inner.init(params),
  });
  const own = scaledTransformation(
    where,
    init,
    (scaled, state, params) => {
      const scale = tensorEntry(where, state, 'dynamicScale');
      const counter = tensorEntry(where, state, 'stepCounter');
      const old = entryOf(state, 'inner') ?? {};
      const finite = allFinite(Object.values(scaled.tensors));
      const factor = tidy(() => {
        const back = div(filled(1), scale);
        return scaled.factor === undefined ? back : mul(back, scaled.factor);
      }) as Scalar;
      const result = stepOf(inner, { tensors: scaled.tensors, factor }, old, params);
      const next = selectState(finite, result.state, old);
      if (next === undefined) throw accumulating(where);
      const updates = Object.entries(settle(result.updates)).map(
        ([path, update]) => [path, tidy(() => select(finite, update, zerosLike(update)))] as const,
      );
      return {
        updates: { tensors: Object.fromEntries(updates) },
        state: { ...nextScale(finite, scale, counter, dynamicGrowthSteps), inner: next },
      };
    },
    {
      lossScale: (state) => {
        const scale = tensorEntry(where, state, 'dynamicScale') as Scalar;
        return inner.lossScale === undefined
          ? (mul(scale, filled(1)) as Scalar)
          : (mul(scale, inner.lossScale(entryOf(state, 'inner') ?? {})) as Scalar);
      },
    },
  );
  return {
    ...own,
    ...nestedConfig('LossScaleOptimizer', inner, (config) => ({
      innerOptimizer: config,
      initialScale,
      dynamicGrowthSteps,
    })),
  };
}

function allFinite(gradients: readonly Tensor[]): Tensor {
  return tidy(() =>
    gradients.map((gradient) => all(finiteOf(gradient))).reduce((a, b) => logicalAnd(a, b), fill([], 1, 'bool')),
  );
}

function nextScale(finite: Tensor, scale: Tensor, counter: Tensor, growthSteps: number): Record<string, Tensor> {
  return tidy(() => {
    const grows = logicalAnd(finite, equal(counter, fill([], growthSteps - 1, 'int32')));
    const kept = select(finite, scale, mul(scale, filled(0.5)));
    const stays = select(finite, add(counter, onesLike(counter)), zerosLike(counter));
    return {
      dynamicScale: select(grows, mul(scale, filled(2)), kept),
      stepCounter: select(grows, zerosLike(counter), stays),
    };
  });
}

function accumulating(where: string): GradstreamError {
  return new GradstreamError('GS_OPTIMIZER_LOSS_SCALE', {
    where,
    what: 'The optimizer inside has another state after a step than before, so a step cannot be skipped',
    expected: 'an optimizer that does the same in every call',
    received: 'one that accumulates gradients',
    next: 'Accumulate outside: accumulateGradients(4, lossScale(adam())).',
  });
}
