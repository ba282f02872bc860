import { describeShape, describeValue } from '@gradstream/core';
import type { TrainingState } from '../../internal/training-state.js';
import { damaged } from '../checkpoint-error.js';
import type { Manifest, TensorEntry } from './manifest.js';
import { modelPrefix } from './model-snapshot.js';
import { windowTensor } from './window-snapshot.js';
import { freshOptimizer } from './training-definition.js';

const WHERE = 'trainer/fit resumeFrom';

/**
 * Checks the tensors that a manifest names against those that the training takes, before any is read: all that are needed, in their types and shapes, and no other.
 * Throws `GS_CHECKPOINT_DAMAGED`.
 */
export function checkTensors(state: TrainingState, { run, tensors }: Manifest): void {
  const models = [state, ...state.others];
  if (run.models.length !== models.length)
    throw damaged(
      WHERE,
      'The manifest is not that of this training',
      `${models.length} models`,
      `${run.models.length}`,
    );
  const left = new Map(tensors);
  const take = (name: string, wanted: { readonly dtype: string; readonly shape: readonly number[] }): void => {
    const found = left.get(name);
    left.delete(name);
    if (found === undefined || describe(found) !== describe(wanted))
      throw damaged(
        WHERE,
        `The tensor ${describeValue(name)} is not the one that is needed`,
        describe(wanted),
        found === undefined ? 'none' : describe(found),
      );
  };
  const takeWeights = (model: TrainingState, prefix: string): void => {
    for (const { path, shape } of model.model.weights)
      take(`${prefix}weights/${path}`, { dtype: 'float32', shape: shape as readonly number[] });
  };
  const takeOptimizer = (model: TrainingState, prefix: string, accumulation: number): void => {
    const start = `${prefix}optimizer/`;
    for (const [path, wanted] of freshOptimizer(model, accumulation)) take(`${start}${path}`, wanted);
    // What an optimizer adds as it goes, such as sums of gradients, is by weight and of the weight's shape.
    for (const name of [...left.keys()].filter((one) => one.startsWith(start))) {
      const weight = model.model.weights.find(({ path }) => name.endsWith(`.${path.replaceAll(/[\\.]/g, '\\$&')}`));
      take(name, { dtype: 'float32', shape: (weight?.shape as readonly number[] | undefined) ?? [] });
    }
  };
  models.forEach((model, index) => {
    takeWeights(model, modelPrefix(index));
    takeOptimizer(model, modelPrefix(index), run.models[index]!.accumulation);
  });
  run.slots.forEach(({ model, progress }, index) => {
    takeWeights(models[model]!, `slots/${index}/`);
    if (progress !== null) takeOptimizer(models[model]!, `slots/${index}/`, progress.accumulation);
  });
  run.meters?.metrics.forEach((count, metric) => {
    for (let index = 0; index < count; index++) {
      const name = `metrics/${metric}/${index}`;
      // Their shapes are those of the metrics, which are made for the data: they check them.
      take(name, left.get(name) ?? { dtype: 'float32', shape: [] });
    }
  });
  run.windows.forEach(({ paths }, window) =>
    paths.forEach((_, path) => {
      // How many units there are is known when they are seen again.
      const { shape } = left.get(windowTensor(window, 'low', path)) ?? { shape: [] };
      for (const side of ['low', 'high'] as const)
        take(windowTensor(window, side, path), { dtype: 'float32', shape: shape.slice(0, 1) });
    }),
  );
  const [more] = left.keys();
  if (more !== undefined)
    throw damaged(WHERE, 'The manifest names a tensor that nothing takes', 'none', describeValue(more));
}

const describe = ({ dtype, shape }: Pick<TensorEntry, 'dtype' | 'shape'>): string => `${dtype} ${describeShape(shape)}`;
