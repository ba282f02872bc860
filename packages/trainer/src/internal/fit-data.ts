import { checkBoolean, checkNumber, checkSeed, GradstreamError, type Shape } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import type { FitOptions } from '../fit-options.js';
import type { ArrayData } from '../array-data.js';
import { ArrayTable, isArrayData } from './array-table.js';
import { checkSource, type BatchSource } from './batch-source.js';
import { firstBatches } from './overfit-source.js';
import type { TrainingState } from './training-state.js';

/** What `fit` trains and validates on. */
export interface FitData {
  readonly train: BatchSource;
  readonly validation: BatchSource | undefined;
}

/** Makes batches of whatever `fit` was given. Throws for options that do not go with the data, so that none is ignored. */
export function fitData(
  where: string,
  { model, seed }: TrainingState,
  data: BatchSource | ArrayData,
  options: FitOptions,
): FitData {
  const { validationData, validationSplit = 0, overfitBatches } = options;
  const arrays = isArrayData(data) ? new ArrayTable(where, data, inputShapes(model)) : undefined;
  if (arrays === undefined) checkSource(where, 'The data', data);
  if (arrays === undefined)
    refuseFor(where, options, ['batchSize', 'shuffle', 'seed', 'validationSplit'], 'arrays { x, y }');
  const size = batchSizeOf(where, 'batchSize', options.batchSize);
  const split = checkNumber(where, 'validationSplit', validationSplit, { min: 0, max: 1, exclusive: 'max' });
  if (split > 0 && validationData !== undefined)
    throw conflict(where, 'validationSplit', 'no validationData beside it', 'both');
  const shuffles = options.shuffle === undefined || checkBoolean(where, 'shuffle', options.shuffle);
  if (!shuffles && options.seed !== undefined)
    throw conflict(where, 'seed', 'rows that are shuffled', 'shuffle: false');
  const shuffleSeed = checkSeed(where, options.seed) ?? seed;
  // As Keras: the last part, before rows are shuffled.
  const border = arrays === undefined ? 0 : Math.floor(arrays.rows * (1 - split));
  if (arrays !== undefined && border === 0)
    throw conflict(where, 'validationSplit', `rows left to train on of ${arrays.rows}`, String(split));
  const train =
    arrays?.batches({ batchSize: size, shuffleSeed: shuffles ? shuffleSeed : undefined }, 0, border) ??
    (data as BatchSource);
  const validation =
    split > 0
      ? arrays!.batches({ batchSize: validationSize(where, options, size) }, border)
      : validationOf(where, model, options, size);
  if (overfitBatches === undefined) return { train, validation };
  const few = firstBatches(train, checkNumber(where, 'overfitBatches', overfitBatches, { min: 1, integer: true }));
  return { train: few, validation: validation === undefined ? undefined : few };
}

/** Batches of data that is either arrays or batches already. */
export function batchesOf(
  where: string,
  name: string,
  model: Model,
  data: BatchSource | ArrayData,
  batchSize: number,
): BatchSource {
  if (isArrayData(data)) return new ArrayTable(where, data, inputShapes(model)).batches({ batchSize });
  checkSource(where, name, data);
  return data;
}

/** A batch size that was given, or 32. */
export function batchSizeOf(where: string, name: string, given: number | undefined): number {
  return checkNumber(where, name, given ?? 32, { min: 1, integer: true });
}

/** The shapes of a model's inputs by name. */
export function inputShapes({ inputs }: Model): Readonly<Record<string, Shape>> {
  return Object.fromEntries(inputs.map(({ name, shape }) => [name, shape]));
}

/** Throws `GS_TRAIN_OPTION` where one of these options was given: they need something that is not there. */
export function refuseFor<T extends object>(
  where: string,
  options: T,
  names: readonly (keyof T & string)[],
  needs: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given !== undefined) throw conflict(where, given, needs, 'none');
}

function validationOf(where: string, model: Model, options: FitOptions, batchSize: number): BatchSource | undefined {
  const { validationData } = options;
  if (validationData === undefined) {
    refuseFor(
      where,
      options,
      ['validationSteps', 'validationFrequency', 'validationBatchSize'],
      'validationData, or validationSplit',
    );
    return undefined;
  }
  if (!isArrayData(validationData))
    refuseFor(where, options, ['validationBatchSize'], 'validation data in arrays { x, y }');
  return batchesOf(where, 'The validation data', model, validationData, validationSize(where, options, batchSize));
}

const validationSize = (where: string, { validationBatchSize }: FitOptions, batchSize: number): number =>
  batchSizeOf(where, 'validationBatchSize', validationBatchSize ?? batchSize);

function conflict(where: string, option: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_OPTION', {
    where,
    what: `The option "${option}" has nothing to do here`,
    expected,
    received,
    next:
      expected.startsWith('arrays') && option !== 'validationSplit'
        ? `Leave "${option}" out and prepare the dataset: dataset.shuffle(10_000).batch(32).`
        : `Leave "${option}" out, or give what it needs.`,
  });
}
