import { GradstreamError, type RemoveCheckpoint, type SaveCheckpoint } from '@gradstream/core';
import type { CheckpointSink } from '../checkpoint-sink.js';
import { noPlace } from './checkpoint-plan.js';
import type { Fact } from './fact-desk.js';
import type { RunCheckpoints } from './run-checkpoints.js';
import type { TrainingState } from './training-state.js';

/** Where checkpoints that callbacks ask for can go. */
export interface CheckpointPlaces {
  readonly state: TrainingState;
  readonly sink: CheckpointSink | undefined;
  readonly checkpoints: RunCheckpoints | undefined;
}

/**
 * Grants what a callback asked for: at once from the sink, between two steps from the store. Gives the fact of what was saved at once. Throws
 * `GS_TRAIN_CHECKPOINT_SINK` where there is no place for such a checkpoint, and `GS_TRAIN_COMMAND` where the sink cannot remove.
 */
export async function grantWish(
  where: string,
  { type, name, contents }: SaveCheckpoint | RemoveCheckpoint,
  epoch: number,
  { state, sink, checkpoints }: CheckpointPlaces,
): Promise<Fact | undefined> {
  if (sink === undefined || contents === 'all') {
    if (checkpoints === undefined || contents === 'weights') throw noPlace(where);
    if (type === 'saveCheckpoint') checkpoints.ask(name);
    else checkpoints.drop(name);
    return undefined;
  }
  if (type === 'removeCheckpoint') {
    if (sink.remove === undefined) throw cannotRemove(where);
    await sink.remove(name);
    return undefined;
  }
  const place = { epoch, globalStep: state.counter.value };
  const location = await sink({ name, ...place, weights: await state.model.getWeights() });
  return { type: 'checkpointSaved', ...place, location };
}

function cannotRemove(where: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_COMMAND', {
    where,
    what: 'The command "removeCheckpoint" cannot be carried out',
    expected: 'a checkpointSink with remove',
    received: 'one without',
    next: 'Give fit weightFiles(folder), or a checkpointStore.',
  });
}
