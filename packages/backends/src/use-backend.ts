import { checkOptions, describeValue, GradstreamError, suggest } from '@gradstream/core';
import type { BackendPlugin } from './backend-plugin.js';
import { defaultPlugins } from './default-plugins.js';
import { activeBackend, restoreBackend } from './internal/active-backend.js';
import { checkPlugins } from './internal/check-plugins.js';
import { BACKEND_VARIABLE, environmentBackend } from './internal/environment.js';
import { oneAtATime } from './internal/one-at-a-time.js';
import { tryPlugin, type Rejection } from './internal/try-plugin.js';

/** Options of `useBackend`. */
export interface UseBackendOptions {
  /** The one backend that will do. Left out: the first of `plugins` that works, or the one that `GRADSTREAM_BACKEND` names. */
  readonly backend?: string;
  /** What can be chosen, best first. Default: wasm, cpu. */
  readonly plugins?: readonly BackendPlugin[];
}

/** Which backend was made active, and why the others were not. */
export interface BackendChoice {
  readonly name: string;
  /** What the backend says of itself: versions, SIMD, a device's name. */
  readonly detail: string;
  /** Each other plugin with the reason, in the order of `plugins`. */
  readonly rejected: readonly Rejection[];
}

const WHERE = 'backends/useBackend';

/**
 * Makes the best backend active that works here: each plugin is probed, started and has to compute a matrix product right before it is taken.
 *
 * A backend that is named, here or by the environment variable `GRADSTREAM_BACKEND`, is taken or refused; no other stands in for it.
 *
 * Throws `GS_BACKEND_UNKNOWN` for a name that no plugin has and `GS_BACKEND_UNAVAILABLE` where none works; the backend that was active
 * before stays so. Throws `GS_OPTION_*` for options that it does not know.
 *
 * ```ts
 * const { name, rejected } = await useBackend();
 * ```
 */
export function useBackend(choice: string | UseBackendOptions = {}): Promise<BackendChoice> {
  return oneAtATime(() => choose(choice));
}

async function choose(choice: string | UseBackendOptions): Promise<BackendChoice> {
  const options: UseBackendOptions = typeof choice === 'string' ? { backend: choice } : choice;
  checkOptions(WHERE, options, ['backend', 'plugins']);
  const plugins = checkPlugins(WHERE, options.plugins ?? defaultPlugins());
  const named = options.backend ?? environmentBackend();
  const source = options.backend === undefined ? `the environment variable ${BACKEND_VARIABLE}` : 'the caller';
  const candidates = named === undefined ? plugins : [pluginOf(named, plugins, source)];

  const before = activeBackend();
  const failed = new Map<string, Rejection>();
  for (const plugin of candidates) {
    const attempt = await tryPlugin(plugin);
    if (!('detail' in attempt)) {
      failed.set(plugin.name, attempt);
      continue;
    }
    const notNeeded =
      named === undefined ? `${plugin.name} comes before it and works` : `${plugin.name} was named by ${source}`;
    const rejected = plugins
      .filter(({ name }) => name !== plugin.name)
      .map(({ name }) => failed.get(name) ?? { name, reason: notNeeded, remedy: `Name it: useBackend('${name}')` });
    return { name: plugin.name, detail: attempt.detail, rejected };
  }
  await restoreBackend(before);
  throw unavailable([...failed.values()], named === undefined ? undefined : source);
}

function pluginOf(name: unknown, plugins: readonly BackendPlugin[], source: string): BackendPlugin {
  const found = plugins.find((plugin) => plugin.name === name);
  if (found !== undefined) return found;
  const names = plugins.map((plugin) => plugin.name);
  const near = typeof name === 'string' ? suggest(name, names) : undefined;
  throw new GradstreamError('GS_BACKEND_UNKNOWN', {
    where: WHERE,
    what: `There is no backend of the name that ${source} gave`,
    expected: `one of ${names.join(', ')}`,
    received: describeValue(name),
    next: near === undefined ? 'Choose one of these, or pass its plugin in "plugins".' : `Did you mean "${near}"?`,
  });
}

function unavailable(rejections: readonly Rejection[], namedBy: string | undefined): GradstreamError {
  const names = rejections.map(({ name }) => name).join(', ');
  return new GradstreamError('GS_BACKEND_UNAVAILABLE', {
    where: WHERE,
    what:
      namedBy === undefined
        ? 'No backend works here'
        : `The backend "${names}", named by ${namedBy}, does not work here`,
    expected:
      namedBy === undefined
        ? `one of ${names} to start and to compute a right number`
        : 'it to start and to compute a right number',
    received: rejections.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    next:
      rejections.length === 1
        ? rejections[0]!.remedy
        : rejections.map(({ name, remedy }) => `${name}: ${remedy}`).join('; '),
  });
}
