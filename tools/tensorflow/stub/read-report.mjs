// What the stand-in for TensorFlow's C library tells of itself.
import { existsSync, readFileSync } from 'node:fs';

/**
 * The events in a report, oldest first: `context` when one is made, `now` when the operation StubReport is done, `end` when the process ends. Each with what is
 * `alive` by kind (kinds of which nothing is are left out), the `copies` to each device, and `growth`, what TF_FORCE_GPU_ALLOW_GROWTH is. Throws for a line that is none.
 */
export function parseReport(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { event, growth, alive, copies } = JSON.parse(line);
      if (!['context', 'now', 'end'].includes(event)) throw new Error(`A report has no event ${JSON.stringify(event)}`);
      const present = Object.entries(alive).filter(([, count]) => count !== 0);
      return { event, growth, alive: Object.fromEntries(present), copies };
    });
}

/** The events in a file; none where it is not there. */
export const readReport = (path) => (existsSync(path) ? parseReport(readFileSync(path, 'utf8')) : []);
