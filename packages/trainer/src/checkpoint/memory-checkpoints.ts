import { checkLabel, checkName, checkpointNames, nextName } from './checkpoint-name.js';
import { damaged } from './checkpoint-error.js';
import type { CheckpointStore } from './checkpoint-store.js';

/** Checkpoints in memory: for tests, and for runs that are resumed in the same process. They end with it. */
export function memoryCheckpoints(): CheckpointStore {
  const where = 'trainer/memoryCheckpoints';
  const kept = new Map<string, ReadonlyMap<string, Uint8Array>>();
  return {
    location: 'memory',
    open: () => Promise.resolve(),
    list: () => Promise.resolve(checkpointNames(kept.keys()).map(({ name }) => name)),
    async read(name, file, limit) {
      const bytes = kept.get(checkName(where, name))?.get(file);
      if (bytes === undefined) throw damaged(where, `The file ${file} of ${name} is not there`, 'a file', 'none');
      if (bytes.length > limit)
        throw damaged(where, `The file ${file} of ${name} is too large`, `at most ${limit} bytes`, `${bytes.length}`);
      return bytes.slice();
    },
    async write(label, files) {
      const name = nextName(checkLabel(where, label), kept.keys());
      kept.set(name, new Map(files.map(({ name: file, pieces }) => [file, joined(pieces)])));
      return name;
    },
    remove: async (name) => void kept.delete(checkName(where, name)),
  };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
