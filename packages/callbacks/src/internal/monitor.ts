import { checkChoice, checkNumber, describeValue, GradstreamError } from '@gradstream/core';
import { checkMonitor } from './check-monitor.js';
import { metricDirection } from './metric-direction.js';

/** Options of callbacks that watch a metric. */
export interface MonitorOptions {
  /** The metric to watch, a key of the epoch's logs. Default `val_loss`. */
  readonly monitor?: string;
  /** Whether the metric is to fall or to rise; `auto` reads it from the metric's name. Default `auto`. */
  readonly mode?: 'auto' | 'min' | 'max';
  /** An improvement has to be larger than this. Default 0. */
  readonly minDelta?: number;
}

/** A metric that is watched. */
export interface Monitor {
  readonly name: string;
  readonly mode: 'min' | 'max';
  readonly minDelta: number;
  /** Strictly better by more than `minDelta`, as in Keras. What is not finite never is; any number is better than none. */
  improves(value: number, reference: number | null): boolean;
  /** Throws `GS_CALLBACK_MONITOR` where training will never give the metric. */
  check(metricNames: readonly string[]): void;
}

/** Checks what is watched. Throws `GS_OPTION_VALUE`, and `GS_CALLBACK_MODE` where the name does not tell the mode. */
export function monitorOf(where: string, options: MonitorOptions, defaultDelta = 0): Monitor {
  const { monitor: name = 'val_loss', minDelta = defaultDelta } = options;
  if (typeof name !== 'string' || name === '') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The option "monitor" has a value that cannot be used',
      expected: "a metric's name",
      received: describeValue(name),
      next: 'Give a key of the logs, as "val_loss", or leave it out.',
    });
  }
  checkNumber(where, 'minDelta', minDelta, { min: 0 });
  const mode = modeOf(where, name, options.mode);
  return {
    name,
    mode,
    minDelta,
    improves: (value, reference) => {
      if (!Number.isFinite(value)) return false;
      if (reference === null) return true;
      return mode === 'min' ? value + minDelta < reference : value - minDelta > reference;
    },
    check: (metricNames) => checkMonitor(where, name, metricNames),
  };
}

function modeOf(where: string, monitor: string, option: MonitorOptions['mode'] = 'auto'): 'min' | 'max' {
  const mode = checkChoice(where, 'mode', option, ['auto', 'min', 'max']);
  const direction = mode === 'auto' ? metricDirection(monitor) : mode;
  if (direction !== undefined) return direction;
  throw new GradstreamError('GS_CALLBACK_MODE', {
    where,
    what: `The name "${monitor}" does not tell whether the metric is to fall or to rise`,
    expected: 'a name with a word such as loss, error or accuracy, or a mode',
    received: 'mode "auto"',
    next: 'Pass mode: "min" or mode: "max".',
  });
}
