import { describeValue, GradstreamError, type Callback } from '@gradstream/core';
import { join } from 'node:path';
import { tensorBoardTo, type TensorBoardOptions } from '../tensor-board.js';
import { lateEventWriter } from './late-event-writer.js';

/**
 * A callback that writes TensorBoard scalars into a folder, laid out as Keras' callback does: `train/` and `validation/`, each made with its first
 * value. Look at them with `tensorboard --logdir logs`. What is written when: see `tensorBoardTo`.
 *
 * Throws `GS_OPTION_VALUE` for a folder that is no path. A folder that cannot be written to fails the callback during training, not the training.
 */
export function tensorBoard(logDir = 'logs', options: TensorBoardOptions = {}): Callback {
  if (typeof logDir !== 'string' || logDir === '') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: 'callbacks/tensorBoard',
      what: 'The folder for the logs cannot be used',
      expected: 'a path',
      received: describeValue(logDir),
      next: 'Pass it first: tensorBoard("logs", { updateFreq: "batch" }).',
    });
  }
  return tensorBoardTo(
    (run) =>
      lateEventWriter(async () => {
        const { fileEventWriter } = await import('@gradstream/tensorboard/node');
        return fileEventWriter(join(logDir, run));
      }),
    options,
  );
}
