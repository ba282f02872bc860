import { Subject, type Observable } from 'rxjs';

/**
 * Something long under way: training, evaluation, a download, an export. Hot: it starts on a later macrotask, so whoever subscribes
 * in the same tick sees every event. Await it for its result.
 *
 * `events$` completes when the run is over, also when it failed: the error is in the awaited promise alone.
 */
export interface Run<Event, Result> extends Promise<Result> {
  readonly events$: Observable<Event>;
  /** Asks the run to end after the piece of work in hand; what was done is kept and the run resolves, unless its kind says otherwise. */
  stop(reason?: string): void;
}

/** What the body of a run works with. */
export interface RunContext<Event> {
  /** States a fact. Never re-entrant: a fact stated while another is being delivered comes after it. */
  emit(event: Event): void;
  /** Aborted by `stop()`; its `reason` is what `stop` was told. */
  readonly signal: AbortSignal;
}

/** How a run is started. */
export interface StartRunOptions {
  /** Stops the run when it aborts, as `stop()` does, with the message of its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Makes a run of a body. The body starts on a later macrotask. */
export function startRun<Event, Result>(
  body: (context: RunContext<Event>) => Promise<Result>,
  { signal }: StartRunOptions = {},
): Run<Event, Result> {
  const events = new Subject<Event>();
  const abort = new AbortController();
  const follow = (): void => abort.abort(reasonText(signal?.reason));
  if (signal?.aborted === true) follow();
  else signal?.addEventListener('abort', follow, { once: true });
  const queue: Event[] = [];
  let delivering = false;
  const emit = (event: Event): void => {
    queue.push(event);
    if (delivering) return;
    delivering = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) events.next(next);
    } finally {
      delivering = false;
    }
  };
  const result = nextMacrotask()
    .then(() => body({ emit, signal: abort.signal }))
    .finally(() => {
      signal?.removeEventListener('abort', follow);
      events.complete();
    });
  return Object.assign(result, {
    events$: events.asObservable(),
    stop: (reason = 'stop() was called'): void => abort.abort(reason),
  });
}

const reasonText = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

/** Resolves on a later macrotask: after everything that is queued now, microtasks and timers of 0 ms included where the host allows. */
export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
