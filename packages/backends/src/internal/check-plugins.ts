import { describeValue, GradstreamError } from '@gradstream/core';
import type { BackendPlugin } from '../backend-plugin.js';

/** Returns a list of plugins, or throws `GS_OPTION_VALUE` for what is none: not a list, empty, no plugin, a name twice. */
export function checkPlugins(where: string, plugins: unknown): readonly BackendPlugin[] {
  const refuse = (what: string, received: unknown): never => {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what,
      expected: 'a list of { name, probe(), start() }, each with its own name',
      received: describeValue(received),
      next: 'Give such a list, as [wasmBackend(), cpuBackend()], or leave it out.',
    });
  };
  if (!Array.isArray(plugins) || plugins.length === 0)
    return refuse('The option "plugins" is no list of plugins', plugins);
  const names = new Set<string>();
  for (const plugin of plugins as unknown[]) {
    const { name, probe, start } = Object(plugin) as Partial<BackendPlugin>;
    if (typeof name !== 'string' || name === '' || typeof probe !== 'function' || typeof start !== 'function') {
      return refuse('The option "plugins" holds something that is no plugin', plugin);
    }
    if (names.has(name)) return refuse('The option "plugins" holds two plugins of one name', name);
    names.add(name);
  }
  return plugins as readonly BackendPlugin[];
}
