import type { Json, ObservedKind, SetGradientClipping, Shape } from '@gradstream/core';
import type { AskedFor } from '../../internal/watch.js';
import type { JsonReader } from './json-reader.js';

/** Where training is: between two steps. */
export interface RunPosition {
  /** 0-based. */
  readonly epoch: number;
  /** Steps done in the epoch. */
  readonly step: number;
  readonly begun: boolean;
  readonly over: boolean;
  /** Steps of the run, and milliseconds. */
  readonly stepsDone: number;
  readonly elapsed: number;
  /** Passes through the data that were begun before this one, and batches taken of it. */
  readonly pass: number;
  readonly batch: number;
}

/** What the optimizer of a model carries beside its tensors. */
export interface TrainedNumbers {
  readonly accumulation: number;
  readonly steps: number;
}

/** What a model and its optimizer carry beside their tensors. */
export interface ModelNumbers extends TrainedNumbers {
  readonly clipping: SetGradientClipping['clipping'];
}

/** Running means inside an epoch; the metrics' tensors are under `metrics/METRIC/TENSOR`. */
export interface MeterNumbers {
  readonly targets: readonly (Shape | null)[];
  readonly means: readonly { readonly sum: number; readonly weight: number }[];
  /** Tensors of each metric. */
  readonly metrics: readonly number[];
}

/** A window over which units are watched. */
export interface WindowNumbers {
  readonly kind: ObservedKind;
  /** Its observed steps, and those of them that have been. */
  readonly size: number;
  readonly steps: number;
  /** Tensors whose units are watched: the least values are under `low/INDEX`, the greatest under `high/INDEX`. */
  readonly paths: readonly string[];
}

/** What a run carries beside tensors. */
export interface RunState {
  /** The seed and the key of what is random in a step; the steps of the first model are its counter. */
  readonly seed: number;
  readonly key: { readonly low: number; readonly high: number };
  readonly position: RunPosition;
  /** The model, and what a step of one's own trains beside it. */
  readonly models: readonly ModelNumbers[];
  /** Slots of kept weights, the tensors of the first under `slots/0/`, and which of the models each is of. */
  readonly slots: readonly {
    readonly name: string;
    readonly model: number;
    readonly progress: TrainedNumbers | null;
  }[];
  readonly meters: MeterNumbers | null;
  readonly history: {
    readonly epoch: readonly number[];
    readonly history: Readonly<Record<string, readonly number[]>>;
  };
  /** The last epoch's logs, and those of the last validation in this epoch. */
  readonly logs: Readonly<Record<string, number>>;
  readonly validated: Readonly<Record<string, number>>;
  /** Milliseconds of training at the last validation. */
  readonly lastValidation: number;
  /** What a callback said when it asked for the end, and the epochs that were to be trained then. */
  readonly ended: { readonly message: string; readonly epochs: number } | null;
  /** What callbacks had asked to observe, by their names. */
  readonly observed: readonly AskedFor[];
  /** Windows over which units are watched, in their middle; the tensors of the first are under `windows/0/`. */
  readonly windows: readonly WindowNumbers[];
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
  const models = run.at('models').items().map(readModel);
  if (models.length === 0) throw run.at('models').wrong('at least one');
  return {
    seed: run.at('seed').count(),
    key: { low: word('low'), high: word('high') },
    position: readPosition(run.at('position')),
    models,
    slots: run
      .at('slots')
      .items()
      .map((slot) => ({
        name: slot.at('name').text(),
        model: slot.at('model').count(models.length - 1),
        progress: slot.at('progress').orNull(readTrained),
      })),
    meters: run.at('meters').orNull(readMeters),
    history: {
      epoch: numbers(run.at('history').at('epoch')),
      history: byName(run.at('history').at('history'), numbers),
    },
    logs: byName(run.at('logs'), (value) => value.number()),
    validated: byName(run.at('validated'), (value) => value.number()),
    lastValidation: run.at('lastValidation').number(),
    ended: run.at('ended').orNull((ended) => ({
      message: ended.at('message').text(),
      epochs: ended.at('epochs').number(),
    })),
    observed: run.at('observed').items().map(readRequest),
    windows: run.at('windows').items().map(readWindow),
    callbacks: run
      .at('callbacks')
      .items()
      .map((callback) => ({ name: callback.at('name').text(), state: callback.at('state').json() })),
  };
}

function readPosition(position: JsonReader): RunPosition {
  const elapsed = position.at('elapsed');
  if (!(elapsed.number() >= 0)) throw elapsed.wrong('a number from 0');
  return {
    epoch: position.at('epoch').count(),
    step: position.at('step').count(STEPS),
    begun: position.at('begun').flag(),
    over: position.at('over').flag(),
    stepsDone: position.at('stepsDone').count(STEPS),
    elapsed: elapsed.number(),
    pass: position.at('pass').count(PASSES),
    batch: position.at('batch').count(),
  };
}

function readTrained(trained: JsonReader): TrainedNumbers {
  const accumulation = trained.at('accumulation');
  if (accumulation.count(STEPS) === 0) throw accumulation.wrong('a whole number from 1');
  return { accumulation: accumulation.count(), steps: trained.at('steps').count(STEPS) };
}

function readModel(model: JsonReader): ModelNumbers {
  return { ...readTrained(model), clipping: model.at('clipping').orNull(readClipping) };
}

function readClipping(clipping: JsonReader): NonNullable<ModelNumbers['clipping']> {
  const threshold = clipping.at('threshold');
  if (!(threshold.number() > 0)) throw threshold.wrong('a number above 0');
  return { by: clipping.at('by').oneOf(['value', 'norm', 'globalNorm']), threshold: threshold.number() };
}

function readMeters(meters: JsonReader): MeterNumbers {
  return {
    targets: meters
      .at('targets')
      .items()
      .map((shape) => shape.orNull((sizes) => sizes.items().map((size) => size.orNull((one) => one.count())))),
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

const KINDS = ['weights', 'gradients', 'clippedGradients', 'updates', 'activations', 'inputs', 'targets'] as const;
const OBSERVED = [...KINDS, ...(['loss', 'resources', 'nonFinite'] as const)];

function readRequest(request: JsonReader): AskedFor {
  const optional = (name: 'buckets' | 'window'): { readonly [key in typeof name]?: number } =>
    request.entries().some(([key]) => key === name) ? { [name]: request.at(name).count(STEPS) } : {};
  return {
    from: request.at('from').text(),
    kind: request.at('kind').oneOf(OBSERVED),
    every: request.at('every').count(),
    ...optional('buckets'),
    ...optional('window'),
  };
}

function readWindow(window: JsonReader): WindowNumbers {
  return {
    kind: window.at('kind').oneOf(KINDS),
    size: window.at('size').count(STEPS),
    steps: window.at('steps').count(STEPS),
    paths: window
      .at('paths')
      .items()
      .map((path) => path.text()),
  };
}

const numbers = (list: JsonReader): number[] => list.items().map((item) => item.number());

function byName<T>(record: JsonReader, read: (reader: JsonReader) => T): Record<string, T> {
  return Object.fromEntries(record.entries().map(([name, value]) => [name, read(value)]));
}
