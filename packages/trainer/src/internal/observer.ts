import { tensorStatistics } from '@gradstream/autodiff';
import type { Observe, ObservedKind, Statistics, TensorStatistics } from '@gradstream/core';
import { keep, type Tensor } from '@tensorflow/tfjs-core';

interface Look {
  readonly kind: ObservedKind;
  readonly path: string;
  readonly statistics: Tensor;
  /** The values themselves, where a histogram was asked for. */
  readonly values: Tensor | undefined;
}

/** Takes the statistics that `observe` commands asked for: computed on the device in the steps that are observed, read afterwards. */
export class Observer {
  readonly #requests = new Map<ObservedKind, { readonly every: number; readonly buckets: number }>();
  #active: ReadonlySet<ObservedKind> = new Set();
  #looks: Look[] = [];

  request({ kind, every, buckets = 0 }: Observe & { readonly kind: ObservedKind }): void {
    if (every > 0) this.#requests.set(kind, { every, buckets });
    else this.#requests.delete(kind);
  }

  /** Says which step comes; most steps are not observed and pay nothing. */
  begin(step: number): void {
    if (this.#requests.size === 0 && this.#active.size === 0) return;
    this.#active = new Set([...this.#requests].filter(([, { every }]) => step % every === 0).map(([kind]) => kind));
  }

  wants(kind: ObservedKind): boolean {
    return this.#active.has(kind);
  }

  look(kind: ObservedKind, path: string, tensor: Tensor): void {
    if (!this.wants(kind)) return;
    const statistics = keep(tensorStatistics(tensor));
    const values = this.#requests.get(kind)!.buckets > 0 ? keep(tensor.clone()) : undefined;
    this.#looks.push({ kind, path, statistics, values });
  }

  lookAll(kind: ObservedKind, tensors: Readonly<Record<string, Tensor>>): void {
    if (!this.wants(kind)) return;
    for (const [path, tensor] of Object.entries(tensors)) this.look(kind, path, tensor);
  }

  /** What the step's looks gave, by kind. Frees their tensors. */
  async take(): Promise<Pick<Statistics, 'kind' | 'tensors'>[]> {
    if (this.#looks.length === 0) return [];
    const looks = this.#looks;
    this.#looks = [];
    const kinds = new Map<ObservedKind, Record<string, TensorStatistics>>();
    for (const { kind, path, statistics, values } of looks) {
      const [size, norm, mean, deviation, min, max, zeroFraction] = await statistics.data();
      statistics.dispose();
      const numbers = {
        size: size!,
        norm: norm!,
        mean: mean!,
        deviation: deviation!,
        min: min!,
        max: max!,
        zeroFraction: zeroFraction!,
      };
      const bins =
        values === undefined
          ? undefined
          : histogram(await values.data(), numbers, this.#requests.get(kind)?.buckets ?? 30);
      values?.dispose();
      const tensors = kinds.get(kind) ?? {};
      tensors[path] = bins === undefined ? numbers : { ...numbers, histogram: bins };
      kinds.set(kind, tensors);
    }
    return [...kinds].map(([kind, tensors]) => ({ kind, tensors }));
  }

  dispose(): void {
    for (const { statistics, values } of this.#looks) {
      statistics.dispose();
      values?.dispose();
    }
    this.#looks = [];
    this.#requests.clear();
  }
}

/** Equal buckets between the least and the greatest value; values that are not finite are in none. */
function histogram(
  values: ArrayLike<number>,
  { min, max }: TensorStatistics,
  buckets: number,
): NonNullable<TensorStatistics['histogram']> {
  const width = (max - min) / buckets;
  const counts = Array.from({ length: buckets }, () => 0);
  const edges = Array.from({ length: buckets + 1 }, (_, index) => (index === buckets ? max : min + index * width));
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    const bucket = width > 0 ? Math.min(buckets - 1, Math.floor((value - min) / width)) : buckets - 1;
    counts[bucket]! += 1;
  }
  return { edges, counts };
}
