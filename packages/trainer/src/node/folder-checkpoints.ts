import { describeValue, GradstreamError } from '@gradstream/core';
import * as nodeFiles from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import { folderStore } from './internal/folder-store.js';

/**
 * Checkpoints in a folder of the disk, each a folder of its own inside: `tensors.safetensors` and `manifest.json`, which is written last. The folder is made
 * when it is needed, and can be copied and moved as it is.
 *
 * A checkpoint is written under a temporary name, brought to the disk file by file (fsync), renamed, and the folder is brought to the disk too: a process that is
 * killed and a machine that loses power leave a whole checkpoint or none. Nothing is deleted that was not made here.
 *
 * Throws `GS_CHECKPOINT_WRITE` where the folder cannot be written to, `GS_CHECKPOINT_READ` where it cannot be read and `GS_CHECKPOINT_DAMAGED` for a
 * checkpoint that is not whole.
 */
export function folderCheckpoints(path: string): CheckpointStore {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return folderStore(resolve(path), nodeFiles);
  throw new GradstreamError('GS_OPTION_VALUE', {
    where: 'trainer/folderCheckpoints',
    what: 'The path cannot be used',
    expected: 'the path of a folder',
    received: describeValue(path),
    next: 'Pass for example "runs/digits".',
  });
}
