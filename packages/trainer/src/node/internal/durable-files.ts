import type * as nodeFiles from 'node:fs/promises';
import { damaged } from '../../checkpoint/checkpoint-error.js';

/** What checkpoints need of a file system: Node's, or one that fails in a test. */
export type FileSystem = Pick<typeof nodeFiles, 'mkdir' | 'open' | 'readdir' | 'rename' | 'rm' | 'stat'>;

/** The most bytes that one read or write call takes. */
const CALL_BYTES = 2 ** 30;

/** Small pieces are gathered up to so many bytes: a call for each would cost more than the bytes. */
const GATHERED_BYTES = 2 ** 20;

/** Writes a new file in pieces and returns when its bytes are on the disk. */
export async function writeDurably(files: FileSystem, path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await files.open(path, 'wx');
  try {
    for (const piece of gathered(pieces)) {
      for (let offset = 0; offset < piece.length;) {
        const { bytesWritten } = await file.write(piece, offset, Math.min(CALL_BYTES, piece.length - offset));
        offset += bytesWritten;
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same bytes in fewer pieces; large ones are not copied. */
function* gathered(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    if (waiting.length > 0 && bytes + piece.length > GATHERED_BYTES) {
      yield joined(waiting, bytes);
      [waiting, bytes] = [[], 0];
    }
    waiting.push(piece);
    bytes += piece.length;
  }
  if (waiting.length > 0) yield joined(waiting, bytes);
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/** Makes sure that the names in a folder are on the disk, where the system can: Windows cannot open folders. */
export async function syncFolder(files: FileSystem, path: string): Promise<void> {
  const folder = await files.open(path, 'r').catch((error: unknown) => {
    if (process.platform === 'win32') return undefined;
    throw error;
  });
  try {
    await folder?.sync();
  } catch (error) {
    // Some file systems cannot; the names are as safe there as they get. A disk that fails says so.
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(String((error as { code?: unknown }).code))) throw error;
  } finally {
    await folder?.close();
  }
}

/** Reads a whole file of any size that has at most `limit` bytes. */
export async function readWhole(files: FileSystem, where: string, path: string, limit: number): Promise<Uint8Array> {
  // Before it is opened: a pipe would never open.
  const found = await files.stat(path);
  if (!found.isFile() || found.size > limit)
    throw damaged(where, `${path} is no file of the right size`, `a file of at most ${limit} bytes`, `${found.size}`);
  const file = await files.open(path, 'r');
  try {
    const bytes = new Uint8Array(found.size);
    for (let offset = 0; offset < bytes.length;) {
      const { bytesRead } = await file.read(bytes, offset, Math.min(CALL_BYTES, bytes.length - offset), offset);
      if (bytesRead === 0) return bytes.subarray(0, offset);
      offset += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
