/** Takes exact numbers of bytes out of chunks that were cut anywhere. It asks for a chunk only when it needs one. */
export class ByteQueue {
  /** Bytes taken so far. */
  position = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `count` bytes, fewer only where the source ends: a view of a chunk where one holds them all. */
  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = count;
    for (;;) {
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      if (part.length > 0) parts.push(part);
      if (missing === 0) break;
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#rest = next.value;
    }
    const taken = parts.length === 1 ? parts[0]! : join(parts, count - missing);
    this.position += taken.length;
    return taken;
  }

  /** Lets go of the source, also before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
