import { isGradstreamError } from '@gradstream/core';
import { syntheticDigits, type TrainAndTest } from '@gradstream/datasets';
import { mnist } from '@gradstream/datasets/node';

/** Digits to train on. */
export interface Digits extends TrainAndTest {
  readonly name: 'mnist' | 'synthetic-digits';
}

/** MNIST or synthetic digits; without a choice MNIST, and where it cannot be had synthetic ones, which is said out loud. */
export async function loadDigits(
  choice: 'mnist' | 'synthetic-digits' | undefined,
  seed: number,
  say: (line: string) => void,
): Promise<Digits> {
  if (choice !== 'synthetic-digits') {
    try {
      const run = mnist();
      const shown = new Map<string, number>();
      run.events$.subscribe((event) => {
        if (event.type === 'downloadEnd') say(`  ${event.file}: ${(event.bytes / 1e6).toFixed(1)} MB, checked`);
        if (event.type !== 'downloadProgress') return;
        const tenth = event.total === null ? 0 : Math.floor((10 * event.received) / event.total);
        if (shown.get(event.file) === tenth) return;
        shown.set(event.file, tenth);
        say(
          `  ${event.file}: ${(event.received / 1e6).toFixed(1)} MB${event.total === null ? '' : ` of ${(event.total / 1e6).toFixed(1)} MB`}`,
        );
      });
      return { name: 'mnist', ...(await run) };
    } catch (error) {
      if (choice === 'mnist' || !isGradstreamError(error)) throw error;
      say(
        'MNIST is not on this machine and cannot be downloaded. Training on synthetic digits instead: drawn by this program, not handwriting.',
      );
      say(
        '  For MNIST, set GRADSTREAM_DATA to a folder with its four files, or connect to a network. Details: --data mnist',
      );
    }
  }
  return { name: 'synthetic-digits', ...(await syntheticDigits({ seed })) };
}
