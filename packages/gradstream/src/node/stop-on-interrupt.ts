/**
 * While the work is under way, the first Ctrl-C calls `stop` and says so; the second ends the process.
 * Returns what the work returns.
 */
export async function stopOnInterrupt<T>(stop: () => void, work: Promise<T>): Promise<T> {
  const interrupt = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    process.stderr.write('\nStopping after the step in hand. Press Ctrl-C again to end at once.\n');
    stop();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
