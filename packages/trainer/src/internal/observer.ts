import { tensorStatistics } from '@gradstream/autodiff';
import type {
  Logs,
  ModelFacts,
  NonFinite,
  Observe,
  ObservedKind,
  Statistics,
  TensorStatistics,
  TrainingCommand,
} from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import type { BatchWork } from './batch-work.js';
import { firstNonFinite, isWatched, type Place } from './non-finite-place.js';
import { NonFiniteTrace, type CloseLook, type StepsAgain } from './non-finite-trace.js';
import { readLooks, type Look } from './read-looks.js';
import { saturatedShare, saturates } from './saturation.js';
import { UnitWindow } from './unit-window.js';
import type { AskedFor } from './watch.js';

/** What is looked at in a step: the kinds that can be asked for, and the loss. */
export type LookedKind = ObservedKind | 'loss';

type Request = Observe & { readonly kind: ObservedKind | 'nonFinite' };

/** What was observed in a step, to be stated. */
export type Observation =
  | Pick<Statistics, 'type' | 'kind' | 'globalStep' | 'tensors'>
  | Pick<NonFinite, 'type' | 'kind' | 'globalStep' | 'name' | 'earliest'>;

/** Takes the statistics that `observe` commands asked for: computed on the device in the steps that are observed, read afterwards. */
export class Observer {
  /** By callback, then by kind. */
  readonly #requests = new Map<string, Request>();
  readonly #windows = new Map<ObservedKind, UnitWindow>();
  #activations: Readonly<Record<string, string | null>> = {};
  #scaled = false;
  /** Goes through steps again; without it a step shows what it shows. */
  #trace: NonFiniteTrace | undefined;
  #weights: () => Readonly<Record<string, Tensor>> = () => ({});
  /** Whether numbers that are not finite are looked for: somebody asked, and none were found yet. */
  #searches = false;
  #found = false;
  /** Whether all that this step computes is looked at, and whether it ends with the question if all is well. */
  #looksClosely = false;
  #asks = false;
  /** The kinds that are observed in this step, with the buckets of their histograms. */
  #active: ReadonlyMap<ObservedKind, number> = new Map();
  #looks: Look[] = [];
  #step = 0;

  /** Learns which layer has which activation, and whether gradients are those of a scaled loss. */
  meet({ layers }: Pick<ModelFacts, 'layers'>, scaled: boolean): void {
    this.#activations = Object.fromEntries(layers.map(({ name, activation }) => [name, activation]));
    this.#scaled = scaled;
  }

  /** Learns how to go through steps again: `workOf` makes the work of a step under another observer. */
  traces(parts: StepsAgain, workOf: (observer: Observer) => BatchWork): void {
    this.#weights = () => parts.state.model.tensors;
    this.#trace = new NonFiniteTrace(parts, () => closeLook(workOf, this.#scaled));
  }

  /** Takes a callback's request; it replaces the one that it made for the same kind before. */
  request(command: Request, from: string): void {
    const key = `${from}\n${command.kind}`;
    if (command.every > 0) this.#requests.set(key, command);
    else this.#requests.delete(key);
    this.#renewWindows();
    this.#searches = !this.#found && [...this.#requests.values()].some(({ kind }) => kind === 'nonFinite');
    if (!this.#searches) this.#trace?.forget();
  }

  /** What is asked for now, by whom. */
  get requests(): readonly AskedFor[] {
    return [...this.#requests].map(([key, { type: _, ...request }]) => ({ ...request, from: key.split('\n')[0]! }));
  }

  /** The windows over which units are watched now. */
  get windows(): ReadonlyMap<ObservedKind, UnitWindow> {
    return this.#windows;
  }

  /** Learns of a command that changed what steps depend on. */
  note(command: TrainingCommand): void {
    if (this.#searches) this.#trace?.note(command);
  }

  /** Says which step comes, with which batch; most steps are not observed and pay nothing. */
  begin(step: number, batch?: Example): void {
    this.#step = step;
    if (this.#requests.size === 0 && this.#active.size === 0) return;
    const due = [...this.#requests.values()].filter(({ every }) => step % every === 0);
    const active = new Map<ObservedKind, number>();
    for (const { kind, buckets = 0 } of due)
      if (kind !== 'nonFinite') active.set(kind, Math.max(buckets, active.get(kind) ?? 0));
    this.#active = active;
    const asking = this.#searches ? due.filter(({ kind }) => kind === 'nonFinite') : [];
    this.#asks = asking.length > 0 || (this.#searches && this.#trace?.isFull === true);
    this.#looksClosely = asking.some(({ every }) => every === 1);
    if (this.#searches && batch !== undefined) this.#trace?.remember(step, batch);
  }

  /** Whether a kind is looked at in this step. */
  wants(kind: LookedKind): boolean {
    return (
      (this.#active.size > 0 && this.#active.has(kind as ObservedKind)) ||
      (this.#looksClosely && isWatched(kind, this.#scaled))
    );
  }

  /** Whether the means since the epoch's beginning have to be read after this step. */
  get asksForMeans(): boolean {
    return this.#asks;
  }

  /** Whether nobody looks at anything in this step. */
  get rests(): boolean {
    return this.#active.size === 0 && !this.#looksClosely;
  }

  look(kind: LookedKind, path: string, tensor: Tensor): void {
    if (this.wants(kind)) this.#look(kind, path, tensor);
  }

  #look(kind: LookedKind, path: string, tensor: Tensor): void {
    const buckets = kind === 'loss' ? undefined : this.#active.get(kind);
    const isTold = buckets !== undefined;
    const activation = kind === 'activations' && isTold ? this.#activations[path] : undefined;
    this.#looks.push({
      kind,
      path,
      buckets,
      statistics: keep(tensorStatistics(tensor)),
      saturated: saturates(activation) ? keep(saturatedShare(activation!, tensor)) : undefined,
      values: isTold && buckets > 0 ? keep(tensor.clone()) : undefined,
    });
    if (isTold) this.#windows.get(kind as ObservedKind)?.add(path, tensor);
  }

  lookAll(kind: LookedKind, tensors: Readonly<Record<string, Tensor>>): void {
    if (!this.wants(kind)) return;
    for (const [path, tensor] of Object.entries(tensors)) this.look(kind, path, tensor);
  }

  /** What the step gave, by kind. Frees its tensors. `means` are those since the epoch's beginning, where they were read. */
  async take(means?: Logs): Promise<readonly Observation[]> {
    if (this.#looks.length === 0 && !this.#asks && means === undefined) return [];
    if (this.#asks && !this.wants('weights'))
      for (const [path, weight] of Object.entries(this.#weights())) this.#look('weights', path, weight);
    const looks = this.#looks;
    this.#looks = [];
    const shares = new Map<string, Tensor>();
    for (const [kind, window] of this.#windows)
      if (this.#active.has(kind)) for (const [path, share] of window.close()) shares.set(`${kind}\n${path}`, share);
    const seen = await readLooks(looks, shares);
    const kinds = new Map<ObservedKind, Record<string, TensorStatistics>>();
    for (const { kind, path, isTold, numbers } of seen) {
      if (!isTold || kind === 'loss') continue;
      const tensors = kinds.get(kind) ?? {};
      tensors[path] = numbers;
      kinds.set(kind, tensors);
    }
    const globalStep = this.#step;
    const place = this.#searches ? firstNonFinite(seen, this.#scaled) : undefined;
    return [
      ...(await this.#judge(place, means)),
      ...[...kinds].map(([kind, tensors]) => ({ type: 'statistics', kind, globalStep, tensors }) as const),
    ];
  }

  /** At an epoch's end, whose means are about to be forgotten. */
  async endEpoch(means: Logs): Promise<readonly Observation[]> {
    this.#asks = false;
    return this.#judge(undefined, means);
  }

  dispose(): void {
    for (const { statistics, saturated, values } of this.#looks) {
      statistics.dispose();
      saturated?.dispose();
      values?.dispose();
    }
    this.#looks = [];
    this.#requests.clear();
    this.#renewWindows();
    this.#trace?.forget();
    this.#searches = false;
  }

  /** Whether all is well; else what was not finite first. */
  async #judge(place: Place | undefined, means: Logs | undefined): Promise<Observation[]> {
    if (!this.#searches) return [];
    const loss = means === undefined ? 0 : (means['loss'] ?? Object.values(means)[0] ?? 0);
    if (place === undefined && Number.isFinite(loss)) {
      if (this.#asks) this.#trace?.renew();
      return [];
    }
    const seen = place && { ...place, globalStep: this.#step };
    const traced = await this.#trace?.run();
    // Where this step alone is in question, what was seen is so, whether it comes out the same again or not.
    const found = traced === undefined || (seen && traced.earliest === this.#step) ? seen : traced;
    this.#trace?.forget();
    [this.#found, this.#searches] = [true, false];
    // Nor in a training that goes on from here.
    for (const [key, { kind }] of this.#requests) if (kind === 'nonFinite') this.#requests.delete(key);
    return found === undefined ? [] : [{ type: 'nonFinite', ...found }];
  }

  /** One window a kind, the longest that was asked for. */
  #renewWindows(): void {
    const sizes = new Map<string, number>();
    for (const { kind, window = 0 } of this.#requests.values())
      if (window > 0 && (kind === 'activations' || kind === 'targets'))
        sizes.set(kind, Math.max(window, sizes.get(kind) ?? 0));
    for (const kind of ['activations', 'targets'] as const) {
      const size = sizes.get(kind);
      if (this.#windows.get(kind)?.size === size) continue;
      this.#windows.get(kind)?.dispose();
      if (size === undefined) this.#windows.delete(kind);
      else this.#windows.set(kind, new UnitWindow(size));
    }
  }
}

/** A look at steps that are taken once more: each is looked at, and says at once where it is not finite. */
function closeLook(workOf: (observer: Observer) => BatchWork, scaled: boolean): CloseLook {
  const observer = new Observer();
  observer.meet({ layers: [] }, scaled);
  const work = workOf(observer);
  return {
    async take(step, batch) {
      observer.request({ type: 'observe', kind: 'nonFinite', every: 1 }, 'trace');
      observer.begin(step);
      work.take(batch);
      await work.settle();
      const [found] = await observer.take();
      return found?.type === 'nonFinite' ? { kind: found.kind, name: found.name } : undefined;
    },
    dispose() {
      work.dispose();
      observer.dispose();
    },
  };
}
