import { describeValue, GradstreamError, isGradstreamError } from '@gradstream/core';
import { checkpointError, damaged } from './checkpoint-error.js';
import { checkLabel, checkName, checkpointNames, nextName } from './checkpoint-name.js';
import { MANIFEST_FILE, type CheckpointFile, type CheckpointStore } from './checkpoint-store.js';

const WHERE = 'trainer/browserCheckpoints';

/** The part of a folder of the browser's file system that is used; `FileSystemDirectoryHandle` is one. */
export interface BrowserFolder {
  keys(): AsyncIterable<string>;
  getDirectoryHandle(name: string, options?: { readonly create?: boolean }): Promise<BrowserFolder>;
  getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<BrowserFile>;
  removeEntry(name: string, options?: { readonly recursive?: boolean }): Promise<void>;
}

/** The part of a file of the browser's file system that is used; `FileSystemFileHandle` is one. */
export interface BrowserFile {
  getFile(): Promise<{ readonly size: number; arrayBuffer(): Promise<ArrayBuffer> }>;
  createWritable(): Promise<{
    write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
    close(): Promise<void>;
    abort(): Promise<void>;
  }>;
}

/**
 * Checkpoints in the private files of a web page's origin (OPFS), in a folder of this name; they are there when the page is opened again. With a folder that the user
 * chose (`showDirectoryPicker()`) in place of the name, they are there.
 *
 * The manifest is written last and swapped in at once, and a checkpoint without one does not count: a page that is closed while it writes leaves nothing that counts.
 *
 * Throws `GS_CHECKPOINT_WRITE` where the browser has no such files or no room, `GS_CHECKPOINT_READ` and `GS_CHECKPOINT_DAMAGED` as `folderCheckpoints` does.
 */
export function browserCheckpoints(folder: string | BrowserFolder): CheckpointStore {
  if (typeof folder === 'string' ? !/^[\w.-]{1,100}$/.test(folder) || /^\.+$/.test(folder) : !isFolder(folder))
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The folder cannot be used',
      expected: 'a name of letters, digits and ._-, or a FileSystemDirectoryHandle',
      received: describeValue(folder),
      next: 'Pass for example "digits".',
    });
  const location = typeof folder === 'string' ? `opfs:${folder}` : 'a folder of the browser';
  const opened = async (create: boolean): Promise<BrowserFolder> =>
    typeof folder === 'string' ? (await originFolder()).getDirectoryHandle(folder, { create }) : folder;
  return {
    location,
    open: () => writing(location, async () => void (await opened(true))),
    list: () => reading(location, async () => wholeOnes(await opened(false).catch(noneIfMissing))),
    read: (name, file, limit) =>
      reading(`${location}/${checkName(WHERE, name)}`, async () => readFile(await opened(false), name, file, limit)),
    write: (label, files) =>
      writing(location, async () => writeNew(await opened(true), checkLabel(WHERE, label), files)),
    remove: (name) =>
      writing(location, async () => {
        const root = await opened(false);
        // The manifest first: from then on it does not count.
        const inside = await root.getDirectoryHandle(checkName(WHERE, name));
        await inside.removeEntry(MANIFEST_FILE);
        await root.removeEntry(name, { recursive: true });
      }),
  };
}

const isFolder = (value: unknown): value is BrowserFolder =>
  typeof (value as Partial<BrowserFolder> | null)?.getDirectoryHandle === 'function';

async function originFolder(): Promise<BrowserFolder> {
  const storage = (globalThis as { navigator?: Partial<Navigator> }).navigator?.storage;
  if (typeof storage?.getDirectory === 'function') return (await storage.getDirectory()) as unknown as BrowserFolder;
  throw checkpointError('GS_CHECKPOINT_WRITE', {
    where: WHERE,
    what: 'There are no private files of an origin here',
    expected: 'a browser with navigator.storage.getDirectory(), on a page from https or localhost',
    received: 'none',
    next: 'In Node.js use folderCheckpoints(path).',
  });
}

async function namesIn(folder: BrowserFolder): Promise<string[]> {
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}

async function wholeOnes(root: BrowserFolder | undefined): Promise<string[]> {
  if (root === undefined) return [];
  const whole: string[] = [];
  for (const { name } of checkpointNames(await namesIn(root))) {
    const inside = await root.getDirectoryHandle(name).catch(() => undefined);
    const manifest = await inside?.getFileHandle(MANIFEST_FILE).catch(() => undefined);
    // A file is there, empty, before its bytes are swapped in.
    if (((await manifest?.getFile())?.size ?? 0) > 0) whole.push(name);
  }
  return whole;
}

async function readFile(root: BrowserFolder, name: string, file: string, limit: number): Promise<Uint8Array> {
  const found = await (await (await root.getDirectoryHandle(name)).getFileHandle(file)).getFile();
  if (found.size > limit)
    throw damaged(WHERE, `The file ${file} of ${name} is too large`, `at most ${limit} bytes`, `${found.size}`);
  return new Uint8Array(await found.arrayBuffer());
}

async function writeNew(root: BrowserFolder, label: string, files: readonly CheckpointFile[]): Promise<string> {
  const names = await namesIn(root);
  const name = nextName(label, names);
  const folder = await root.getDirectoryHandle(name, { create: true });
  try {
    for (const { name: file, pieces } of files) {
      const writable = await (await folder.getFileHandle(file, { create: true })).createWritable();
      try {
        for (const piece of pieces) await writable.write(piece as Uint8Array<ArrayBuffer>);
      } catch (error) {
        await writable.abort().catch(() => undefined);
        throw error;
      }
      await writable.close();
    }
  } catch (error) {
    await root.removeEntry(name, { recursive: true }).catch(() => undefined);
    throw error;
  }
  await removeLeftOvers(root, names);
  return name;
}

/** Folders without a manifest are what an earlier page left: there is one writer. */
async function removeLeftOvers(root: BrowserFolder, names: readonly string[]): Promise<void> {
  const whole = await wholeOnes(root);
  for (const { name } of checkpointNames(names))
    if (!whole.includes(name)) await root.removeEntry(name, { recursive: true }).catch(() => undefined);
}

async function writing<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGradstreamError(error)) throw error;
    throw checkpointError('GS_CHECKPOINT_WRITE', {
      where: WHERE,
      what: `Checkpoints cannot be written to ${location}`,
      expected: 'files of this origin, with room for them',
      received: String(error),
      next: 'Ask for more room with navigator.storage.persist(), or remove old checkpoints.',
      cause: error,
    });
  }
}

async function reading<T>(location: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isGradstreamError(error)) throw error;
    const missing = nameOf(error) === 'NotFoundError' || nameOf(error) === 'TypeMismatchError';
    if (missing) throw damaged(WHERE, `The checkpoint ${location} is not whole`, 'its files', String(error), error);
    throw checkpointError('GS_CHECKPOINT_READ', {
      where: WHERE,
      what: `${location} cannot be read`,
      expected: 'files of this origin',
      received: String(error),
      next: 'Check whether this page may use them.',
      cause: error,
    });
  }
}

function noneIfMissing(error: unknown): undefined {
  if (nameOf(error) === 'NotFoundError') return undefined;
  throw error;
}

const nameOf = (error: unknown): unknown => (error as { name?: unknown } | undefined)?.name;
