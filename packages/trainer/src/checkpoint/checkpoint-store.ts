/** A file of a checkpoint, in pieces that are written one after another. */
export interface CheckpointFile {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/**
 * Where checkpoints are kept: a folder, a browser's private files, memory, or a place of one's own.
 *
 * A checkpoint is a few named files under a name `label-number`, the number one above the highest there is. It is there whole or not at all: whoever is killed
 * while it writes leaves nothing that `list` tells.
 */
export interface CheckpointStore {
  /** Where that is, in words. */
  readonly location: string;
  /** Makes the place ready and finds out whether it can be written to. Clears away what was left by writers that are dead. */
  open(): Promise<void>;
  /** The names of the checkpoints that are there, oldest first. None where the place is not there. */
  list(): Promise<readonly string[]>;
  /** A file of a checkpoint. Throws, before anything is allocated, where it has more bytes than `limit`. */
  read(name: string, file: string, limit: number): Promise<Uint8Array>;
  /** Writes a checkpoint and gives its name. Its bytes are safe when the promise resolves; the last file is written last. */
  write(label: string, files: readonly CheckpointFile[]): Promise<string>;
  /** Takes a checkpoint away: from the first moment on it is no longer told. */
  remove(name: string): Promise<void>;
}

/** The file that makes a checkpoint one: it is written last. */
export const MANIFEST_FILE = 'manifest.json';
