import type { Example } from '@gradstream/datasets';
import { BatchCursor, type BatchSource } from './batch-source.js';

/** The first batches of a source, the same ones in every pass. They are kept in memory. */
export function firstBatches(source: BatchSource, count: number): BatchSource {
  let kept: Promise<readonly Example[]> | undefined;
  const iterate = async function* (): AsyncGenerator<Example> {
    kept ??= taken(source, count);
    yield* await kept;
  };
  const size = source.size ?? null;
  return { size: size === null ? null : Math.min(count, size), iterate, [Symbol.asyncIterator]: iterate };
}

async function taken(source: BatchSource, count: number): Promise<readonly Example[]> {
  const cursor = new BatchCursor(source);
  const batches: Example[] = [];
  try {
    while (batches.length < count) {
      const batch = await cursor.next();
      if (batch === undefined) break;
      batches.push(batch);
    }
  } finally {
    await cursor.close();
  }
  return batches;
}
