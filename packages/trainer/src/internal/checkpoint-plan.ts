import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import { checkName } from '../checkpoint/checkpoint-name.js';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import type { FitOptions } from '../fit-options.js';
import type { SaveEvery } from '../save-every.js';

/** Where checkpoints go, when they are written, how many stay, and which one is resumed from. */
export interface CheckpointPlan {
  readonly store: CheckpointStore;
  readonly saveEvery: SaveEvery | undefined;
  readonly keep: number;
  readonly resumeFrom: string | undefined;
}

const METHODS = ['open', 'list', 'read', 'write', 'remove'] as const;

/** Checks the options about checkpoints; undefined where there is no store. Throws `GS_OPTION_*`, and `GS_CHECKPOINT_NAME` for what is no name. */
export function checkpointPlan(where: string, options: FitOptions): CheckpointPlan | undefined {
  const { checkpointStore: store, saveEvery, keepCheckpoints, resumeFrom } = options;
  if (store === undefined) {
    const given = (['saveEvery', 'keepCheckpoints', 'resumeFrom'] as const).find((name) => options[name] !== undefined);
    if (given === undefined) return undefined;
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: `The option "${given}" is there without a place for checkpoints`,
      expected: 'the option checkpointStore',
      received: 'none',
      next: 'Pass checkpointStore: folderCheckpoints("runs/digits") of @gradstream/trainer/node, or browserCheckpoints("digits").',
    });
  }
  if (!isStore(store)) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "checkpointStore" has a value that cannot be used',
      expected: `a store with ${METHODS.join(', ')}`,
      received: describeValue(store),
      next: 'Pass what folderCheckpoints(), browserCheckpoints() or memoryCheckpoints() gave.',
    });
  }
  return {
    store,
    saveEvery: saveEvery === undefined ? undefined : checkSaveEvery(where, saveEvery),
    keep: checkNumber(where, 'keepCheckpoints', keepCheckpoints ?? 2, { min: 2, integer: true }),
    resumeFrom: resumeFrom === undefined || resumeFrom === 'latest' ? resumeFrom : checkName(where, resumeFrom),
  };
}

/** The error for a checkpoint that somebody asked for where there is no place for it. */
export function noPlace(where: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_CHECKPOINT_SINK', {
    where,
    what: 'A callback asked for a checkpoint and there is nowhere to put it',
    expected: 'the option checkpointStore or checkpointSink',
    received: 'none',
    next: 'Give fit a checkpointStore.',
  });
}

function checkSaveEvery(where: string, given: SaveEvery): SaveEvery {
  checkOptions(`${where} saveEvery`, given, ['steps', 'seconds', 'epochs']);
  const { steps, seconds, epochs } = given;
  if (steps !== undefined) checkNumber(where, 'saveEvery.steps', steps, { min: 1, integer: true });
  if (seconds !== undefined) checkNumber(where, 'saveEvery.seconds', seconds, { min: 0, exclusive: 'min' });
  if (epochs !== undefined) checkNumber(where, 'saveEvery.epochs', epochs, { min: 1, integer: true });
  if ((steps ?? seconds ?? epochs) !== undefined) return given;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "saveEvery" does not say when',
    expected: '{ steps }, { seconds } or { epochs }',
    received: describeValue(given),
    next: 'For example saveEvery: { seconds: 300 }.',
  });
}

/** Whether something has all that a store has. */
export function isStore(value: unknown): value is CheckpointStore {
  return (
    typeof value === 'object' &&
    value !== null &&
    METHODS.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
  );
}
