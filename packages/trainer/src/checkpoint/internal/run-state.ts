import type { Json, SetGradientClipping } from '@gradstream/core';
import type { JsonReader } from './json-reader.js';

/** Where training is: between two steps, or between two epochs (`step` 0). */
export interface LoopPosition {
  /** 0-based. */
  readonly epoch: number;
  /** Steps done in the epoch. */
  readonly step: number;
  /** Passes through the data that were begun before this one, and batches taken of it. */
  readonly pass: number;
  readonly batch: number;
}

/** Running means and metrics inside an epoch: the means' sums here, the metrics' tensors under `metrics/`. */
export interface MeterState {
  readonly means: readonly { readonly sum: number; readonly weight: number }[];
  /** Tensors of each metric. */
  readonly metrics: readonly number[];
}

/** What a run carries beside tensors. */
export interface RunState {
  /** The key of what is random in a step. */
  readonly key: { readonly low: number; readonly high: number };
  /** Training steps done so far, over all epochs. */
  readonly globalStep: number;
  readonly position: LoopPosition;
  readonly clipping: SetGradientClipping['clipping'];
  /** Slots of kept weights. */
  readonly slots: readonly string[];
  /** Null between epochs. */
  readonly meters: MeterState | null;
  readonly history: {
    readonly epoch: readonly number[];
    readonly history: Readonly<Record<string, readonly number[]>>;
  };
  /** The last epoch's logs. */
  readonly logs: Readonly<Record<string, number>>;
  /** In the order in which `fit` was given them; null for one without a state. */
  readonly callbacks: readonly { readonly name: string; readonly state: Json }[];
}

/** The largest count of steps: the step counter is an int32 on the device. */
const STEPS = 2 ** 31 - 1;
/** The largest pass through data: datasets number their epochs so far. */
const PASSES = 2 ** 32;

/** Reads the run's state of a manifest. Throws `GS_CHECKPOINT_DAMAGED` with the place of an entry that cannot be used. */
export function readRunState(run: JsonReader): RunState {
  const word = (name: string): number =>
    run
      .at('key')
      .at(name)
      .count(2 ** 32 - 1);
  const position = run.at('position');
  return {
    key: { low: word('low'), high: word('high') },
    globalStep: run.at('globalStep').count(STEPS),
    position: {
      epoch: position.at('epoch').count(),
      step: position.at('step').count(STEPS),
      pass: position.at('pass').count(PASSES),
      batch: position.at('batch').count(),
    },
    clipping: run.at('clipping').orNull(readClipping),
    slots: run
      .at('slots')
      .items()
      .map((slot) => slot.text()),
    meters: run.at('meters').orNull(readMeters),
    history: {
      epoch: numbers(run.at('history').at('epoch')),
      history: byName(run.at('history').at('history'), numbers),
    },
    logs: byName(run.at('logs'), (value) => value.number()),
    callbacks: run
      .at('callbacks')
      .items()
      .map((callback) => ({ name: callback.at('name').text(), state: callback.at('state').json() })),
  };
}

function readClipping(clipping: JsonReader): RunState['clipping'] {
  const threshold = clipping.at('threshold');
  if (!(threshold.number() > 0)) throw threshold.wrong('a number above 0');
  return { by: clipping.at('by').oneOf(['value', 'norm', 'globalNorm']), threshold: threshold.number() };
}

function readMeters(meters: JsonReader): MeterState {
  return {
    means: meters
      .at('means')
      .items()
      .map((mean) => ({ sum: mean.at('sum').number(), weight: mean.at('weight').number() })),
    metrics: meters
      .at('metrics')
      .items()
      .map((count) => count.count(1000)),
  };
}

const numbers = (list: JsonReader): number[] => list.items().map((item) => item.number());

function byName<T>(record: JsonReader, read: (reader: JsonReader) => T): Record<string, T> {
  return Object.fromEntries(record.entries().map(([name, value]) => [name, read(value)]));
}
