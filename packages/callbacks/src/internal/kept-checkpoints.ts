import type { Json } from '@gradstream/core';
import type { Monitor } from './monitor.js';
import type { NamePattern } from './name-pattern.js';
import { badState } from './training-memory.js';

/** A checkpoint that was asked for: what its name is made of, and its metric. */
export interface KeptCheckpoint {
  readonly fields: Readonly<Record<string, number>>;
  readonly value: number;
}

/** What was saved, and which of it is best. */
export interface KeptCheckpoints {
  readonly best: number | null;
  readonly bestName: string | null;
  /** Training begins: counts are fresh unless a checkpoint's were put in before. */
  begin(): void;
  /** Offers a checkpoint: the name to save it under, where it is good enough, and the names to remove. */
  offer(one: KeptCheckpoint, bestOnly: boolean): { readonly saved: string | null; readonly removed: readonly string[] };
  /** Notes one that is saved whatever it is; its name. */
  note(one: Omit<KeptCheckpoint, 'value'>, value: number | undefined): string;
  /** Counts a step; true where so many are done since the last time. */
  isDue(every: number): boolean;
  state(): Json;
  restore(json: Json): void;
}

interface State {
  best: number | null;
  bestFields: KeptCheckpoint['fields'] | null;
  kept: readonly KeptCheckpoint[];
  steps: number;
}

/** Keeps count of checkpoints, the best first. Names are always made of the pattern anew, also of those that a checkpoint tells of. */
export function keptCheckpoints(
  where: string,
  monitor: Monitor,
  names: NamePattern,
  topK: number | null,
  threshold: number | null,
): KeptCheckpoints {
  const fresh = (): State => ({ best: threshold, bestFields: null, kept: [], steps: 0 });
  let now = fresh();
  let restored = false;
  const isBest = ({ fields, value }: KeptCheckpoint): boolean => {
    if (!monitor.improves(value, now.best)) return false;
    now.best = value;
    now.bestFields = fields;
    return true;
  };
  return {
    get best() {
      return now.best;
    },
    get bestName() {
      return now.bestFields === null ? null : names.format(now.bestFields);
    },
    begin() {
      if (!restored) now = fresh();
      restored = false;
    },
    offer(one, bestOnly) {
      const best = isBest(one);
      if (bestOnly || topK === null) return { saved: best ? names.format(one.fields) : null, removed: [] };
      const { kept } = now;
      if (!Number.isFinite(one.value)) return { saved: null, removed: [] };
      if (kept.length >= topK && !monitor.improves(one.value, kept.at(-1)!.value)) return { saved: null, removed: [] };
      // The best first; of two that are as good the older one stays in front.
      const place = kept.findIndex(({ value }) => monitor.improves(one.value, value));
      const all = place < 0 ? [...kept, one] : [...kept.slice(0, place), one, ...kept.slice(place)];
      now.kept = all.slice(0, topK);
      const saved = names.format(one.fields);
      const stay = new Set(now.kept.map(({ fields }) => names.format(fields)));
      const gone = all.slice(topK).map(({ fields }) => names.format(fields));
      return { saved, removed: gone.filter((name) => !stay.has(name)) };
    },
    note({ fields }, value) {
      if (value !== undefined) isBest({ fields, value });
      return names.format(fields);
    },
    isDue(every) {
      now.steps++;
      if (now.steps < every) return false;
      now.steps = 0;
      return true;
    },
    state: () => JSON.parse(JSON.stringify(now)) as Json,
    restore(json) {
      now = read(where, json);
      restored = true;
    },
  };
}

function read(where: string, json: Json): State {
  const { best, bestFields, kept, steps } = Object(json) as Record<string, unknown>;
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  // A field that was not finite is null in JSON.
  const isFields = (value: unknown): value is KeptCheckpoint['fields'] =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((field) => field === null || isNumber(field));
  const numbers = (fields: KeptCheckpoint['fields']): KeptCheckpoint['fields'] =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, value ?? Number.NaN]));
  const isKept = (value: unknown): value is KeptCheckpoint =>
    isFields(Object(value).fields) && isNumber((value as KeptCheckpoint).value);
  if (
    (best === null || isNumber(best)) &&
    (bestFields === null || isFields(bestFields)) &&
    Array.isArray(kept) &&
    kept.every(isKept) &&
    Number.isSafeInteger(steps) &&
    (steps as number) >= 0
  ) {
    return {
      best,
      bestFields: bestFields === null ? null : numbers(bestFields),
      kept: kept.map(({ fields, value }) => ({ fields: numbers(fields), value })),
      steps: steps as number,
    };
  }
  throw badState(where, '{ best, bestFields, kept, steps }', json);
}
