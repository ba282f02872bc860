let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work when all work given before is done. tfjs-core has one active backend, and gives up the start of one when another is asked for
 * meanwhile: two choices at once would spoil each other.
 */
export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const result = last.then(work);
  last = result.catch(() => undefined);
  return result;
}
