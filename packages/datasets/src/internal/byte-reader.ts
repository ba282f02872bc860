/** Reads a stream of chunks piece by piece: first so many bytes, then the rest. */
export interface ByteReader {
  /** The next `count` bytes, fewer only where the stream ends. */
  read(count: number): Promise<Uint8Array>;
  /** The next chunk of what is left; an empty one never, undefined at the end. */
  chunk(): Promise<Uint8Array | undefined>;
  /** Closes the stream. */
  close(): Promise<void>;
}

/** A reader over chunks; bytes that were read over are kept for the next call. */
export function byteReader(chunks: AsyncIterator<Uint8Array>): ByteReader {
  let left: Uint8Array = new Uint8Array(0);
  const chunk = async (): Promise<Uint8Array | undefined> => {
    while (left.length === 0) {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      left = value;
    }
    const whole = left;
    left = left.subarray(left.length);
    return whole;
  };
  return {
    chunk,
    async read(count) {
      const bytes = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        const next = await chunk();
        if (next === undefined) return bytes.subarray(0, filled);
        const taken = Math.min(next.length, count - filled);
        bytes.set(next.subarray(0, taken), filled);
        filled += taken;
        left = next.subarray(taken);
      }
      return bytes;
    },
    async close() {
      await chunks.return?.();
    },
  };
}
