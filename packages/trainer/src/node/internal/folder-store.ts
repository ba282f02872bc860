import { isGradstreamError, type GradstreamError } from '@gradstream/core';
import { makeFolders } from '@gradstream/core/node';
import { dirname, join } from 'node:path';
import { checkpointError, damaged } from '../../checkpoint/checkpoint-error.js';
import { checkLabel, checkName, checkpointNames, nextName } from '../../checkpoint/checkpoint-name.js';
import { MANIFEST_FILE, type CheckpointFile, type CheckpointStore } from '../../checkpoint/checkpoint-store.js';
import { readWhole, syncFolder, writeDurably, type FileSystem } from './durable-files.js';
import { isLeftOver, temporaryName } from './temporary-names.js';

const WHERE = 'trainer/folderCheckpoints';

/** Checkpoints in a folder, on a given file system. */
export function folderStore(root: string, files: FileSystem): CheckpointStore {
  return {
    location: root,
    open: () => writing(root, () => prepare(root, files)),
    list: () => reading(root, () => wholeOnes(root, files)),
    read: (name, file, limit) =>
      reading(join(root, checkName(WHERE, name)), () => readWhole(files, WHERE, join(root, name, file), limit)),
    write: (label, content) => writing(root, () => writeNew(root, files, checkLabel(WHERE, label), content)),
    remove: (name) => writing(root, () => removeWhole(root, files, checkName(WHERE, name))),
  };
}

/** Makes the folder, tries whether it takes a folder, and removes what dead writers left. */
async function prepare(root: string, files: FileSystem): Promise<void> {
  const made = await makeFolders(root, files);
  if (made !== undefined) await syncFolder(files, dirname(made));
  const trial = join(root, temporaryName());
  await files.mkdir(trial);
  await files.rm(trial, { recursive: true });
  for (const name of await files.readdir(root)) {
    const path = join(root, name);
    if (name.startsWith('.') && isLeftOver(name, (await files.stat(path)).mtimeMs))
      await files.rm(path, { recursive: true, force: true });
  }
}

async function writeNew(
  root: string,
  files: FileSystem,
  label: string,
  content: readonly CheckpointFile[],
): Promise<string> {
  await makeFolders(root, files);
  const temporary = join(root, temporaryName());
  await files.mkdir(temporary);
  try {
    for (const { name, pieces } of content) await writeDurably(files, join(temporary, name), pieces);
    await syncFolder(files, temporary);
    const name = nextName(label, await files.readdir(root));
    await files.rename(temporary, join(root, name));
    await syncFolder(files, root);
    return name;
  } catch (error) {
    await files.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

/** Under its own name it is whole to the last moment: first the name goes, then the files. */
async function removeWhole(root: string, files: FileSystem, name: string): Promise<void> {
  const temporary = join(root, temporaryName());
  await files.rename(join(root, name), temporary);
  await files.rm(temporary, { recursive: true, force: true });
}

async function wholeOnes(root: string, files: FileSystem): Promise<string[]> {
  const names = await files.readdir(root).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  const whole: string[] = [];
  for (const { name } of checkpointNames(names)) {
    const manifest = await files.stat(join(root, name, MANIFEST_FILE)).catch(() => undefined);
    if (manifest?.isFile() === true) whole.push(name);
  }
  return whole;
}

async function writing<T>(root: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGradstreamError(error)) throw error;
    throw checkpointError('GS_CHECKPOINT_WRITE', {
      where: WHERE,
      what: `Checkpoints cannot be written to ${root}`,
      expected: 'a folder that can be written to, with room for them',
      received: messageOf(error),
      next: 'Make room or give another folder. The checkpoints of before are as they were.',
      cause: error,
    });
  }
}

async function reading<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isGradstreamError(error) ? error : notRead(path, error);
  }
}

function notRead(path: string, error: unknown): GradstreamError {
  if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error)))
    return damaged(
      WHERE,
      `The checkpoint ${path} is not whole`,
      `${MANIFEST_FILE} and its tensors`,
      messageOf(error),
      error,
    );
  return checkpointError('GS_CHECKPOINT_READ', {
    where: WHERE,
    what: `${path} cannot be read`,
    expected: 'a folder of checkpoints',
    received: messageOf(error),
    next: 'Check the folder and who may read it.',
    cause: error,
  });
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
