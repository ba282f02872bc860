import { tensorStatistics } from '@gradstream/autodiff';
import type { ModelFacts, NonFinite, Observe, ObservedKind, Statistics, TensorStatistics } from '@gradstream/core';
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import { histogram } from './histogram.js';
import { NonFiniteWatch } from './non-finite-watch.js';
import { saturatedShare, saturates } from './saturation.js';
import { UnitWindow } from './unit-window.js';

/** What is looked at in a step: the kinds that can be asked for, and the loss. */
export type LookedKind = ObservedKind | 'loss';

type Request = Observe & { readonly kind: ObservedKind | 'nonFinite' };

interface Look {
  readonly kind: ObservedKind;
  readonly path: string;
  readonly statistics: Tensor;
  readonly saturated: Tensor | undefined;
  /** The values themselves, where a histogram was asked for. */
  readonly values: Tensor | undefined;
}

/** What was observed in a step, to be stated. */
export type Observation =
  | Pick<Statistics, 'type' | 'kind' | 'globalStep' | 'tensors'>
  | Pick<NonFinite, 'type' | 'kind' | 'globalStep' | 'name'>;

/** Takes the statistics that `observe` commands asked for: computed on the device in the steps that are observed, read afterwards. */
export class Observer {
  /** By callback, then by kind. */
  readonly #requests = new Map<string, Request>();
  readonly #windows = new Map<ObservedKind, UnitWindow>();
  #activations: Readonly<Record<string, string | null>> = {};
  #scaled = false;
  #watch: NonFiniteWatch | undefined;
  #readsWatch = false;
  /** The kinds that are observed in this step, with the buckets of their histograms. */
  #active: ReadonlyMap<ObservedKind, number> = new Map();
  #looks: Look[] = [];
  #step = 0;

  /** Learns which layer has which activation, and whether gradients are those of a scaled loss. */
  meet({ layers }: ModelFacts, scaled: boolean): void {
    this.#activations = Object.fromEntries(layers.map(({ name, activation }) => [name, activation]));
    this.#scaled = scaled;
  }

  /** Takes a callback's request; it replaces the one that it made for the same kind before. */
  request(command: Request, from: string): void {
    const key = `${from}\n${command.kind}`;
    if (command.every > 0) this.#requests.set(key, command);
    else this.#requests.delete(key);
    this.#renewWindows();
    const watched = [...this.#requests.values()].some(({ kind }) => kind === 'nonFinite');
    if (watched) this.#watch ??= new NonFiniteWatch(this.#scaled);
    else this.#forgetWatch();
  }

  /** Says which step comes; most steps are not observed and pay nothing. */
  begin(step: number): void {
    this.#step = step;
    if (this.#requests.size === 0 && this.#active.size === 0) return;
    const due = [...this.#requests.values()].filter(({ every }) => step % every === 0);
    const active = new Map<ObservedKind, number>();
    for (const { kind, buckets = 0 } of due)
      if (kind !== 'nonFinite') active.set(kind, Math.max(buckets, active.get(kind) ?? 0));
    this.#active = active;
    this.#readsWatch = due.some(({ kind }) => kind === 'nonFinite');
  }

  wants(kind: LookedKind): boolean {
    return (this.#active.size > 0 && this.#active.has(kind as ObservedKind)) || this.#watch?.takes(kind) === true;
  }

  /** Whether nobody looks at anything in this step. */
  get rests(): boolean {
    return this.#active.size === 0 && this.#watch === undefined;
  }

  look(kind: LookedKind, path: string, tensor: Tensor): void {
    this.#watch?.note(kind, path, tensor);
    const buckets = kind === 'loss' ? undefined : this.#active.get(kind);
    if (kind === 'loss' || buckets === undefined) return;
    const activation = kind === 'activations' ? this.#activations[path] : undefined;
    this.#looks.push({
      kind,
      path,
      statistics: keep(tensorStatistics(tensor)),
      saturated: saturates(activation) ? keep(saturatedShare(activation!, tensor)) : undefined,
      values: buckets > 0 ? keep(tensor.clone()) : undefined,
    });
    this.#windows.get(kind)?.add(path, tensor);
  }

  lookAll(kind: LookedKind, tensors: Readonly<Record<string, Tensor>>): void {
    if (!this.wants(kind)) return;
    for (const [path, tensor] of Object.entries(tensors)) this.look(kind, path, tensor);
  }

  /** What the step gave, by kind. Frees its tensors. `now` reads what otherwise is read later: where the device is read anyway. */
  async take(now = false): Promise<readonly Observation[]> {
    const found = await this.#takeWatch(now);
    if (this.#looks.length === 0) return found;
    const looks = this.#looks;
    this.#looks = [];
    const shares = new Map<string, Tensor>();
    for (const [kind, window] of this.#windows)
      if (this.#active.has(kind)) for (const [path, share] of window.close()) shares.set(`${kind}\n${path}`, share);
    const kinds = new Map<ObservedKind, Record<string, TensorStatistics>>();
    for (const look of looks) {
      const share = shares.get(`${look.kind}\n${look.path}`);
      shares.delete(`${look.kind}\n${look.path}`);
      const tensors = kinds.get(look.kind) ?? {};
      tensors[look.path] = await numbersOf(look, share, this.#active.get(look.kind) ?? 0);
      kinds.set(look.kind, tensors);
    }
    const globalStep = this.#step;
    return [
      ...found,
      ...[...kinds].map(([kind, tensors]) => ({ type: 'statistics', kind, globalStep, tensors }) as const),
    ];
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
    this.#forgetWatch();
  }

  async #takeWatch(now: boolean): Promise<Observation[]> {
    if (this.#watch === undefined) return [];
    this.#watch.settle(this.#step);
    const found = this.#readsWatch || now ? await this.#watch.read() : undefined;
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

  #forgetWatch(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
  }
}

/** Reads a look's numbers and frees its tensors. */
async function numbersOf(
  { statistics, saturated, values }: Look,
  share: Tensor | undefined,
  buckets: number,
): Promise<TensorStatistics> {
  const [size, norm, mean, deviation, min, max, zeroFraction] = await statistics.data();
  const numbers = {
    size: size!,
    norm: norm!,
    mean: mean!,
    deviation: deviation!,
    min: min!,
    max: max!,
    zeroFraction: zeroFraction!,
  };
  const [dead, constant] = (await share?.data()) ?? [];
  const result = {
    ...numbers,
    ...(saturated === undefined ? {} : { saturatedFraction: (await saturated.data())[0]! }),
    ...(share === undefined ? {} : { deadFraction: dead!, constantFraction: constant! }),
    ...(values === undefined ? {} : { histogram: histogram(await values.data(), numbers, buckets) }),
  };
  statistics.dispose();
  saturated?.dispose();
  share?.dispose();
  values?.dispose();
  return result;
}
