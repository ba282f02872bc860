import { open } from 'node:fs/promises';

/** Writes a new file in pieces and returns when its bytes are on the disk. `onPiece` is told after each piece and may end the writing by throwing. */
export async function writeFile(path: string, pieces: readonly Uint8Array[], onPiece: () => void): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const piece of pieces) {
      await file.appendFile(piece);
      onPiece();
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes sure that the names in a folder are on the disk, where the system can: Windows cannot open folders. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch {
    // Some file systems refuse it; the names are as safe there as they get.
  } finally {
    await folder?.close();
  }
}
