import {
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';

/** What a hook may give: nothing, commands, or a promise that training waits for. */
export type HookResult = TrainingCommand | readonly TrainingCommand[] | Promise<unknown> | void | undefined | null;

/** Hooks by event: `epochEnd` calls `onEpochEnd`. */
export type LambdaHooks = {
  readonly [T in TrainingEvent['type'] as `on${Capitalize<T>}`]?: (
    event: Extract<TrainingEvent, { readonly type: T }>,
  ) => HookResult;
};

const WHERE = 'callbacks/lambdaCallback';

/** The names of all hooks. The compiler sees to it that no event is forgotten. */
const HOOKS: Readonly<Record<keyof LambdaHooks, true>> = {
  onTrainBegin: true,
  onEpochBegin: true,
  onStepEnd: true,
  onStatistics: true,
  onNonFinite: true,
  onResources: true,
  onValidationBegin: true,
  onValidationEnd: true,
  onEpochEnd: true,
  onTrainPaused: true,
  onTrainResumed: true,
  onDiagnosis: true,
  onCheckpointSaved: true,
  onCallbackFailed: true,
  onTrainEnd: true,
};

/**
 * A callback made of functions, one for each kind of event: `lambdaCallback({ onEpochEnd: ({ epoch, logs }) => console.log(epoch, logs) })`.
 *
 * A hook gets the event and may give commands, or a promise: training then waits for it. A hook that throws fails this callback alone. Throws
 * `GS_OPTION_UNKNOWN` for a hook that would never be called, `GS_OPTION_VALUE` for one that is no function. Differs from Keras: hooks get events, not
 * `(index, logs)`; one before each batch is not there, as commands are carried out between steps anyway.
 */
export function lambdaCallback(hooks: LambdaHooks): Callback {
  checkOptions(WHERE, hooks, Object.keys(HOOKS));
  const given = Object.entries(hooks ?? {}).filter(([, hook]) => hook !== undefined);
  for (const [name, hook] of given) {
    if (typeof hook === 'function') continue;
    throw new GradstreamError('GS_OPTION_VALUE', {
      where: WHERE,
      what: `The hook "${name}" cannot be called`,
      expected: 'a function that takes the event',
      received: describeValue(hook),
      next: `Pass for example { ${name}: (event) => console.log(event) }.`,
    });
  }
  const byEvent = new Map(given as [string, (event: TrainingEvent) => HookResult][]);
  const answer = (event: TrainingEvent): readonly TrainingCommand[] => {
    const result = byEvent.get(`on${event.type[0]!.toUpperCase()}${event.type.slice(1)}`)?.(event);
    if (typeof result !== 'object' || result === null) return [];
    if (isPromise(result)) return [{ type: 'hold', until: result }];
    return Array.isArray(result) ? (result as readonly TrainingCommand[]) : [result as TrainingCommand];
  };
  return defineCallback('lambdaCallback', (events$) => events$.pipe(concatMap(answer)));
}

function isPromise(value: object): value is Promise<unknown> {
  return 'then' in value && typeof value.then === 'function';
}
