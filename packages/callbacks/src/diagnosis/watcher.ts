import {
  defineCallback,
  type Callback,
  type Observe,
  type Report,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concat, concatMap, defer, from } from 'rxjs';
import { WatchedEvents } from './watched-events.js';

/** What was found, as it will be stated. */
export type Finding = Report['diagnosis'];

/** What a diagnosis asks for: every so many steps, less often later on, and all of the first steps of a training where `warmUp` says how many. */
export type Request = Omit<Observe, 'type'> & {
  readonly warmUp?: number;
  readonly later?: { readonly every: number; readonly from: number };
};

/** One diagnosis in one training: what it wants to see, and what it says to each event. */
export interface Watcher {
  readonly requests: readonly Request[];
  examine(event: TrainingEvent): readonly Finding[];
}

/**
 * Makes a callback of diagnoses: their requests are joined, their findings reported. Each training has watchers of its own; one that goes on from a checkpoint shows them
 * what those of before had seen, so that they judge and have told the same.
 */
export function watching(name: string, begin: () => readonly Watcher[]): Callback {
  let memory = new WatchedEvents();
  let restored: WatchedEvents | undefined;
  const react: Callback = (events$) =>
    defer(() => {
      memory = new WatchedEvents();
      const watchers = begin();
      const requests = joined(watchers.flatMap((watcher) => watcher.requests));
      const examine = (event: TrainingEvent): Finding[] => watchers.flatMap((watcher) => watcher.examine(event));
      const answer = (event: TrainingEvent): TrainingCommand[] => {
        const findings = examine(event);
        if (event.type === 'trainBegin' && restored !== undefined) {
          [memory, restored] = [restored, undefined];
          // What they find in it was told.
          for (const seen of memory.events) examine(seen);
        }
        memory.add(event);
        const changes =
          event.type === 'stepEnd' ? requests.flatMap((request) => changeAfter(request, memory.steps)) : [];
        return [...changes, ...findings.map((diagnosis) => ({ type: 'report', diagnosis }) as const)];
      };
      return concat(from(requests.map((request) => requestAt(request, 0))), events$.pipe(concatMap(answer)));
    });
  return defineCallback(name, react, {
    state: () => memory.toJson(),
    restore: (state) => {
      restored = WatchedEvents.from(`callbacks/${name}`, state);
    },
  });
}

/** One request a kind: as often and as long as anyone asks. */
function joined(requests: readonly Request[]): readonly Request[] {
  const kinds = new Map<string, Request>();
  for (const request of requests) {
    const other = kinds.get(request.kind);
    const most = (name: 'window' | 'warmUp'): number => Math.max(request[name] ?? 0, other?.[name] ?? 0);
    const every = Math.min(request.every, other?.every ?? Number.POSITIVE_INFINITY);
    // Who says how often means it for the whole training.
    const paces = [request, ...(other === undefined ? [] : [other])];
    const later = paces.map((one) => one.later ?? { every: one.every, from: 0 });
    const least = {
      every: Math.min(...later.map((one) => one.every)),
      from: Math.max(...later.map(({ from }) => from)),
    };
    kinds.set(request.kind, {
      kind: request.kind,
      every,
      window: most('window'),
      warmUp: most('warmUp'),
      ...(least.every > every ? { later: least } : {}),
    });
  }
  return [...kinds.values()];
}

/** What is asked for once so many steps are done. */
function requestAt({ kind, every, window = 0, warmUp = 0, later }: Request, steps: number): Observe {
  const now = steps < warmUp ? 1 : later !== undefined && steps >= later.from ? later.every : every;
  return { type: 'observe', kind, every: now, ...(window > 0 ? { window } : {}) };
}

/** What is asked for anew after a step. */
function changeAfter(request: Request, steps: number): readonly Observe[] {
  const now = requestAt(request, steps);
  return now.every === requestAt(request, steps - 1).every ? [] : [now];
}
