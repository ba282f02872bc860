import { describeShape, describeValue, GradstreamError, sizeOf, type HostArray } from '@gradstream/core';
import type { OutputGoal } from './output-goal.js';

/** How much each class counts in training, by its index: `{ 0: 1, 1: 8 }`. A class that is left out counts 1. */
export type ClassWeight = Readonly<Record<number, number>>;

/** Class weights of one output, or of some by the outputs' names. */
export type ClassWeights = ClassWeight | Readonly<Record<string, ClassWeight>>;

/** Class weights in the order of the outputs; undefined for an output without. */
export type OrderedClassWeights = readonly (ReadonlyMap<number, number> | undefined)[];

/**
 * Sorts class weights by output. Throws `GS_TRAIN_CLASS_WEIGHT` for what is no class index or no weight, and where a model with several outputs gets weights
 * without names.
 */
export function orderedClassWeights(
  where: string,
  goals: readonly OutputGoal[],
  given: ClassWeights | undefined,
): OrderedClassWeights | undefined {
  if (given === undefined) return undefined;
  const names = goals.map(({ name }) => name);
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0)
    throw refused(where, 'a record from classes to weights', describeValue(given));
  const byName = Object.values(given).every((value) => typeof value === 'object' && value !== null);
  if (!byName) {
    if (names.length === 1) return [weightsOf(where, goals[0]!, given as ClassWeight)];
    throw refused(where, `class weights by output: ${names.join(', ')}`, 'those of one output');
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw refused(where, `outputs ${names.join(', ')}`, `"${unknown}"`);
  return goals.map((goal) =>
    Object.hasOwn(given, goal.name)
      ? weightsOf(where, goal, (given as Readonly<Record<string, ClassWeight>>)[goal.name]!)
      : undefined,
  );
}

/**
 * The weight of each label: [batch, ...] for indices, as for one-hot targets, where the largest value is the class. Multiplied with the sample weights, where there
 * are any. Throws `GS_TRAIN_CLASS_WEIGHT` for a label that is no whole number and sample weights of another shape.
 */
export function classedWeights(
  where: string,
  { shape, loss }: OutputGoal,
  classes: ReadonlyMap<number, number>,
  target: HostArray,
  sampleWeight: HostArray | undefined,
): HostArray<'float32'> {
  const width = shape.at(-1) ?? 1;
  const oneHot = loss?.targetDtype !== 'int32' && target.shape.length === shape.length && width > 1;
  const hasUnitAxis = target.shape.length === shape.length && target.shape.length > 1 && target.shape.at(-1) === 1;
  const labelShape = oneHot || hasUnitAxis ? target.shape.slice(0, -1) : target.shape;
  const values = new Float32Array(sizeOf(labelShape));
  for (let index = 0; index < values.length; index++) {
    const label = oneHot ? largest(target.values, index * width, width) : target.values[index]!;
    if (!Number.isInteger(label)) throw refused(where, 'targets that are classes', `the target ${label}`);
    values[index] = classes.get(label) ?? 1;
  }
  const result: HostArray<'float32'> = { dtype: 'float32', shape: labelShape, values };
  return sampleWeight === undefined ? result : multiplied(where, result, sampleWeight);
}

function multiplied(where: string, a: HostArray<'float32'>, b: HostArray): HostArray<'float32'> {
  // One of them may have a weight for each sample and the other for each label.
  const [fine, coarse]: [HostArray, HostArray] = a.values.length >= b.values.length ? [a, b] : [b, a];
  const repeats = fine.values.length / coarse.values.length;
  const given = coarse.shape.at(-1) === 1 ? coarse.shape.slice(0, -1) : coarse.shape;
  if (!Number.isInteger(repeats) || given.some((size, axis) => size !== fine.shape[axis]))
    throw refused(where, `sample weights that fit the labels ${describeShape(a.shape)}`, describeShape(b.shape));
  return {
    dtype: 'float32',
    shape: fine.shape,
    values: Float32Array.from(fine.values, (value, index) => value * coarse.values[Math.floor(index / repeats)]!),
  };
}

function largest(values: HostArray['values'], from: number, width: number): number {
  let best = 0;
  for (let index = 1; index < width; index++) if (values[from + index]! > values[from + best]!) best = index;
  return best;
}

function weightsOf(where: string, { name, loss, shape }: OutputGoal, given: ClassWeight): ReadonlyMap<number, number> {
  if (loss === undefined) throw refused(where, 'an output with a loss', `"${name}", which has none`);
  const classes = (shape.at(-1) ?? 1) > 1 ? shape.at(-1)! : 2;
  return new Map(
    Object.entries(given).map(([key, weight]) => {
      const index = Number(key);
      if (key.trim() === '' || !Number.isInteger(index) || index < 0 || index >= classes)
        throw refused(where, `class indices from 0 to ${classes - 1}`, `"${key}"`);
      if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
        throw refused(where, `finite weights, at least 0`, `${describeValue(weight)} for class ${key}`);
      return [index, weight];
    }),
  );
}

function refused(where: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_CLASS_WEIGHT', {
    where,
    what: 'The class weights cannot be used',
    expected,
    received,
    next: 'Give classWeight as { 0: 1, 1: 8 }; for a model with several outputs as { output: { 0: 1, 1: 8 } }.',
  });
}
