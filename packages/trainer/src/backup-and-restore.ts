import { checkNumber, checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import type { CheckpointStore } from './checkpoint/checkpoint-store.js';
import type { FitOptions } from './fit-options.js';
import { isStore } from './internal/checkpoint-plan.js';

/** Options of `backupAndRestore`. */
export interface BackupAndRestoreOptions {
  /** After each epoch, or after so many steps. Default `epoch`. */
  readonly saveFreq?: 'epoch' | number;
}

const WHERE = 'trainer/backupAndRestore';

/**
 * Keras' `BackupAndRestore`, as options of `fit`: `trainer.fit(data, { epochs: 20, ...backupAndRestore(folderCheckpoints('backup')) })`. A program that is
 * interrupted goes on where its last checkpoint was when it is started again, and ends with the weights of one that was not, bit for bit.
 *
 * The same as `{ checkpointStore, saveEvery, resumeFrom: 'latest' }`. It is no callback, because it decides where training begins. Throws `GS_OPTION_*` for options that
 * cannot be used and `GS_OPTION_VALUE` for what is no store.
 *
 * Differs from Keras: it goes on in the middle of an epoch too; the last checkpoints stay when training has ended (Keras' `delete_checkpoint`), so that the program,
 * started once more, trains nothing, and more where more epochs are asked for; two are always kept (Keras' `double_checkpoint`).
 */
export function backupAndRestore(
  store: CheckpointStore,
  options: BackupAndRestoreOptions = {},
): Required<Pick<FitOptions, 'checkpointStore' | 'saveEvery' | 'resumeFrom'>> {
  checkOptions(WHERE, options, ['saveFreq']);
  if (!isStore(store)) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'There is no place for backups',
      expected: 'a store of checkpoints',
      received: describeValue(store),
      next: 'Pass folderCheckpoints("backup"), or browserCheckpoints("backup") in a page.',
    });
  }
  const { saveFreq = 'epoch' } = options;
  const saveEvery =
    saveFreq === 'epoch'
      ? { epochs: 1 }
      : { steps: checkNumber(WHERE, 'saveFreq', saveFreq, { min: 1, integer: true }) };
  return { checkpointStore: store, saveEvery, resumeFrom: 'latest' };
}
