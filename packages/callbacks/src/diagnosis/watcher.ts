import {
  defineCallback,
  type Callback,
  type Observe,
  type Report,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concat, concatMap, defer, from } from 'rxjs';

/** What was found, as it will be stated. */
export type Finding = Report['diagnosis'];

/** What a diagnosis asks for: every so many steps, and all of the first steps of a training where `warmUp` says how many. */
export type Request = Omit<Observe, 'type'> & { readonly warmUp?: number };

/** One diagnosis in one training: what it wants to see, and what it says to each event. */
export interface Watcher {
  readonly requests: readonly Request[];
  examine(event: TrainingEvent): readonly Finding[];
}

/** Makes a callback of diagnoses: their requests are joined, their findings reported. Each training has watchers of its own. */
export function watching(name: string, begin: () => readonly Watcher[]): Callback {
  return defineCallback(name, (events$) =>
    defer(() => {
      const watchers = begin();
      const requests = joined(watchers.flatMap((watcher) => watcher.requests));
      let steps = 0;
      const answer = (event: TrainingEvent): TrainingCommand[] => {
        if (event.type === 'stepEnd') steps++;
        const over = event.type === 'stepEnd' ? requests.filter(({ warmUp }) => warmUp === steps) : [];
        const findings = watchers.flatMap((watcher) => watcher.examine(event));
        return [...over.map(steady), ...findings.map((diagnosis) => ({ type: 'report', diagnosis }) as const)];
      };
      return concat(from(requests.map(first)), events$.pipe(concatMap(answer)));
    }),
  );
}

/** One request a kind: as often and as long as anyone asks. */
function joined(requests: readonly Request[]): readonly Request[] {
  const kinds = new Map<string, Request>();
  for (const request of requests) {
    const other = kinds.get(request.kind);
    const most = (name: 'window' | 'warmUp'): number => Math.max(request[name] ?? 0, other?.[name] ?? 0);
    const every = Math.min(request.every, other?.every ?? Number.POSITIVE_INFINITY);
    kinds.set(request.kind, { kind: request.kind, every, window: most('window'), warmUp: most('warmUp') });
  }
  return [...kinds.values()];
}

const steady = ({ kind, every, window = 0 }: Request): Observe => ({
  type: 'observe',
  kind,
  every,
  ...(window > 0 ? { window } : {}),
});
const first = (request: Request): Observe => steady((request.warmUp ?? 0) > 0 ? { ...request, every: 1 } : request);
