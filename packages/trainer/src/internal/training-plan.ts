import { checkNumber } from '@gradstream/core';
import type { CheckpointSink } from '../checkpoint-sink.js';
import type { FitOptions } from '../fit-options.js';
import { passSize, type BatchSource } from './batch-source.js';
import { checkpointPlan, type CheckpointPlan } from './checkpoint-plan.js';
import { orderedClassWeights, type OrderedClassWeights } from './class-weights.js';
import { refuseFor, type FitData } from './fit-data.js';
import type { TrainingState } from './training-state.js';
import { ValidationSchedule } from './validation-schedule.js';
import { checkTests } from './work-for.js';

/** A checked plan of training. */
export interface TrainingPlan {
  readonly data: BatchSource;
  readonly initialEpoch: number;
  /** The epoch to stop before; Infinity where steps or time alone limit it. */
  readonly epochs: number;
  readonly stepsPerEpoch: number | undefined;
  /** What an epoch will have, where it is known. */
  readonly stepsOfEpoch: number | null;
  /** Steps of the run at most. */
  readonly maxSteps: number;
  /** Milliseconds of training at most. */
  readonly maxTime: number;
  readonly validation: ValidationPlan | undefined;
  readonly classWeights: OrderedClassWeights | undefined;
  readonly logEvery: number | 'auto';
  readonly checkpoints: CheckpointPlan | undefined;
  readonly checkpointSink: CheckpointSink | undefined;
}

/** What is validated on, how much of it, and when. */
export interface ValidationPlan {
  readonly data: BatchSource;
  readonly steps: number | null;
  readonly schedule: ValidationSchedule;
}

/** Makes a plan of options. Throws what the checks of options throw. */
export function trainingPlan(
  where: string,
  state: TrainingState,
  { train, validation }: FitData,
  options: FitOptions,
): TrainingPlan {
  const count = (name: keyof FitOptions, min: number): number | undefined =>
    options[name] === undefined ? undefined : checkNumber(where, name, options[name], { min, integer: true });
  const { fastDevRun = false, logEvery = 'auto' } = options;
  const fast = fastDevRun === false ? undefined : fastDevRun === true ? 1 : count('fastDevRun', 1);
  if (fast !== undefined)
    refuseFor(
      where,
      options,
      ['epochs', 'stepsPerEpoch', 'validationSteps', 'maxSteps', 'maxTime', 'saveEvery', 'resumeFrom'],
      'a run that is not a fastDevRun',
    );
  if (validation !== undefined) checkTests(where, state);
  const initialEpoch = count('initialEpoch', 0) ?? 0;
  const maxSteps = fast ?? count('maxSteps', 1) ?? Number.POSITIVE_INFINITY;
  const seconds =
    options.maxTime === undefined
      ? Number.POSITIVE_INFINITY
      : checkNumber(where, 'maxTime', options.maxTime, { min: 0, exclusive: 'min' });
  const isLimited = fast === undefined && (options.maxSteps ?? options.maxTime) !== undefined;
  const epochs = count('epochs', initialEpoch + 1) ?? (isLimited ? Number.POSITIVE_INFINITY : initialEpoch + 1);
  const stepsPerEpoch = count('stepsPerEpoch', 1);
  const validationSteps = fast ?? count('validationSteps', 1);
  const size = passSize(
    where,
    train,
    stepsPerEpoch ?? fast ?? options.maxSteps,
    'stepsPerEpoch',
    stepsPerEpoch !== undefined,
  );
  return {
    data: train,
    initialEpoch,
    epochs,
    stepsPerEpoch,
    stepsOfEpoch:
      stepsPerEpoch === undefined && fast === undefined
        ? train.size === Infinity
          ? null
          : (train.size ?? null)
        : size,
    maxSteps,
    maxTime: seconds * 1000,
    validation:
      validation === undefined
        ? undefined
        : {
            data: validation,
            steps: validationSteps ?? null,
            schedule: new ValidationSchedule(where, options.validationFrequency),
          },
    classWeights: orderedClassWeights(where, state.goals, options.classWeight),
    logEvery: logEvery === 'auto' ? logEvery : checkNumber(where, 'logEvery', logEvery, { min: 1, integer: true }),
    checkpoints: checkpointPlan(where, options),
    checkpointSink: options.checkpointSink,
  };
}
