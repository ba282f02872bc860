import {
  checkNumber,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type Resources,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap, defer } from 'rxjs';
import { numberText } from './internal/number-text.js';

/** How fast training was over some steps, and what it held at their end. Validation is left out of the time. */
export interface ThroughputReport {
  readonly epoch: number;
  /** The last step of these, as in its `stepEnd`. */
  readonly globalStep: number;
  readonly steps: number;
  readonly millisecondsPerStep: number;
  readonly samplesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly tensors: number;
  readonly tensorBytes: number;
  /** Null where the host does not tell. */
  readonly heapBytes: number | null;
  readonly processBytes: number | null;
}

/** Options of `throughput`. */
export interface ThroughputOptions {
  /** Steps between two reports. Default 50. */
  readonly every?: number;
  /** Takes each report. Default: each epoch's last one is stated as the diagnosis `throughput`. */
  readonly sink?: (report: ThroughputReport) => void;
}

const WHERE = 'callbacks/throughput';
/** After so many epochs in a row that each held more tensors than the one before, something leaks. */
const SUSPICIOUS = 4;

/**
 * Watches how fast training is and what memory it holds, and warns as `tensorsGrow` where every epoch holds more tensors than the one before.
 *
 * Times are those of the events. The first step, which warms up, is left out, as is the time of validation. Throws `GS_OPTION_*` for options that cannot be
 * used.
 */
export function throughput(options: ThroughputOptions = {}): Callback {
  checkOptions(WHERE, options, ['every', 'sink']);
  const every = checkNumber(WHERE, 'every', options.every ?? 50, { min: 1, integer: true });
  const { sink } = options;
  if (sink !== undefined && typeof sink !== 'function') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: 'The option "sink" has a value that cannot be used',
      expected: 'a function that takes a report',
      received: describeValue(sink),
      next: 'Pass for example sink: (report) => console.log(report.samplesPerSecond).',
    });
  }
  return defineCallback('throughput', (events$) => defer(() => events$.pipe(concatMap(watcher(every, sink)))));
}

function watcher(every: number, sink: ThroughputOptions['sink']): (event: TrainingEvent) => TrainingCommand[] {
  /** What was counted since the last report; undefined before the first. */
  let since: { readonly time: number; steps: number; samples: number; events: number; pause: number } | undefined;
  let validationBegan = 0;
  let last: ThroughputReport | undefined;
  let least = Number.POSITIVE_INFINITY;
  const leastByEpoch: number[] = [];

  const report = (event: Resources): void => {
    if (since !== undefined && since.steps > 0) {
      const { steps, samples, events, time, pause } = since;
      const seconds = Math.max(event.time - time - pause, 1e-3) / 1000;
      const { epoch, globalStep, tensors, tensorBytes, heapBytes, processBytes } = event;
      const speed = {
        millisecondsPerStep: (seconds * 1000) / steps,
        samplesPerSecond: samples / seconds,
        eventsPerSecond: events / seconds,
      };
      last = { epoch, globalStep, steps, ...speed, tensors, tensorBytes, heapBytes, processBytes };
      sink?.(last);
    }
    least = Math.min(least, event.tensors);
    since = { time: event.time, steps: 0, samples: 0, events: 0, pause: 0 };
  };
  const epochEnd = (): TrainingCommand[] => {
    const commands = sink === undefined && last !== undefined ? [stated(last)] : [];
    last = undefined;
    if (Number.isFinite(least)) leastByEpoch.push(least);
    least = Number.POSITIVE_INFINITY;
    const recent = leastByEpoch.slice(-SUSPICIOUS - 1);
    const grows =
      recent.length > SUSPICIOUS && recent.every((count, index) => index === 0 || count > recent[index - 1]!);
    if (grows) {
      commands.push(growing(recent));
      leastByEpoch.length = 0;
    }
    return commands;
  };
  return (event) => {
    if (since !== undefined) since.events++;
    switch (event.type) {
      case 'trainBegin':
        return [{ type: 'observe', kind: 'resources', every }];
      case 'stepEnd':
        if (since === undefined) return [];
        since.steps++;
        since.samples += event.batchSize;
        return [];
      case 'validationBegin':
        validationBegan = event.time;
        return [];
      case 'validationEnd':
        if (since !== undefined) since.pause += event.time - validationBegan;
        return [];
      case 'resources':
        report(event);
        return [];
      case 'epochEnd':
        return epochEnd();
      default:
        return [];
    }
  };
}

const MEGABYTE = 2 ** 20;

function stated(report: ThroughputReport): TrainingCommand {
  const { epoch, millisecondsPerStep, samplesPerSecond, eventsPerSecond, tensors, tensorBytes } = report;
  const { heapBytes, processBytes } = report;
  return {
    type: 'report',
    diagnosis: {
      name: 'throughput',
      severity: 'info',
      message: `${Math.round(samplesPerSecond)} samples/s, ${numberText(millisecondsPerStep)} ms/step, ${tensors} tensors in ${(tensorBytes / MEGABYTE).toFixed(1)} MiB`,
      evidence: {
        epoch,
        samplesPerSecond,
        millisecondsPerStep,
        eventsPerSecond,
        tensors,
        tensorBytes,
        ...(heapBytes === null ? {} : { heapBytes }),
        ...(processBytes === null ? {} : { processBytes }),
      },
      remedy: 'Nothing is to be done.',
    },
  };
}

function growing(counts: readonly number[]): TrainingCommand {
  return {
    type: 'report',
    diagnosis: {
      name: 'tensorsGrow',
      severity: 'warning',
      message: `Each of the last ${counts.length - 1} epochs held more tensors than the one before: ${counts.join(', ')}`,
      evidence: { first: counts[0]!, last: counts.at(-1)! },
      remedy:
        'Dispose the tensors that layers, losses, metrics or data of your own make, or wrap their work in tf.tidy.',
    },
  };
}
