import type { Logs } from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { cutToWidth, displayWidth, withoutControls } from './display-width.js';

/** What a progress line shows. */
export interface ProgressState {
  readonly step: number;
  /** Steps of the epoch; null where they are not known. */
  readonly total: number | null;
  /** Time left or time taken, and the time of a step, as text. */
  readonly times: readonly string[];
  readonly logs: Logs;
  /** What is going on beside, at the end. */
  readonly note?: string;
}

const SHORTEST_BAR = 5;

/** Metrics as ` - loss: 0.2716 - val_loss: 0.3`: by name, validation's last. */
export function metricsText(logs: Logs): string {
  return metricTexts(logs).join('');
}

function metricTexts(logs: Logs): readonly string[] {
  const isValidation = (name: string): number => Number(name.startsWith('val_'));
  return Object.keys(logs)
    .sort((a, b) => isValidation(a) - isValidation(b) || (a < b ? -1 : 1))
    .map((name) => ` - ${withoutControls(name)}: ${numberText(logs[name]!)}`);
}

/**
 * The line of an epoch under way, as Keras draws it: `37/100 ━━━━━━━───────────── 4s 2ms/step - loss: 0.2716`. It never takes more columns than given:
 * first the bar gets shorter, then the end is cut.
 */
export function progressLine(
  { step, total, times, logs, note }: ProgressState,
  barWidth: number,
  columns: number,
): string {
  const count = countText(step, total);
  const tail = `${times.map((time) => ` ${time}`).join('')}${metricsText(logs)}${note === undefined ? '' : ` - ${note}`}`;
  const room = Math.min(barWidth, columns - displayWidth(count) - displayWidth(tail) - 1);
  const bar =
    total === null || room < Math.max(1, Math.min(SHORTEST_BAR, barWidth))
      ? ''
      : ` ${barText(total === 0 ? 1 : step / total, room)}`;
  return cutToWidth(`${count}${bar}${tail}`, columns);
}

/**
 * The line of an epoch that has ended. On a terminal that has not the columns for it the metrics go on in lines below, so that none is left out; a terminal that is
 * narrower than a metric is wide gets the line cut.
 */
export function endedLines(state: ProgressState, barWidth: number, columns: number): readonly string[] {
  const { step, total, times, logs } = state;
  const metrics = metricTexts(logs);
  const head = countText(step, total) + times.map((time) => ` ${time}`).join('');
  const fits = displayWidth(head + metrics.join('')) <= columns;
  if (fits || [head, ...metrics].some((text) => displayWidth(text) >= columns))
    return [progressLine(state, barWidth, columns)];
  const lines: string[] = [];
  let line = head;
  for (const metric of metrics) {
    if (displayWidth(line + metric) > columns) {
      lines.push(line);
      line = ' ';
    }
    line += metric;
  }
  return [...lines, line];
}

function countText(step: number, total: number | null): string {
  return total === null ? `${step}/?` : `${String(step).padStart(String(total).length)}/${total}`;
}

function barText(share: number, width: number): string {
  const done = Math.min(width, Math.floor(width * share));
  return '━'.repeat(done) + '─'.repeat(width - done);
}
