import { describeValue, isGradstreamError } from '@gradstream/core';
import type { BackendPlugin } from '../backend-plugin.js';
import { whatIsWrong } from './right-number.js';

/** Why a backend was not taken, and what would change that. */
export interface Rejection {
  readonly name: string;
  readonly reason: string;
  readonly remedy: string;
}

/** What came of a plugin: what it says of itself, or why it was rejected. */
export type Attempt = { readonly detail: string } | Rejection;

/** Probes a plugin, starts it and checks a computed number. Never rejects; the backend is active only where `detail` comes back. */
export async function tryPlugin(plugin: BackendPlugin): Promise<Attempt> {
  const { name } = plugin;
  const rejected = (reason: string, remedy: string): Rejection => ({ name, reason, remedy });
  let stage = 'probe';
  try {
    const probe: unknown = await plugin.probe();
    const { available, detail, reason, remedy } = Object(probe) as Record<string, unknown>;
    if (available === false) return rejected(text(reason, 'Its probe gave no reason'), text(remedy, report(name)));
    if (available !== true) return rejected(`Its probe gave ${describeValue(probe)}`, report(name));
    stage = 'start';
    await plugin.start();
    stage = 'check';
    const wrong = await whatIsWrong(name);
    if (wrong !== null) return rejected(wrong, report(name));
    // What it says once it runs counts: fewer threads may have started than it meant to.
    const running = Object(await plugin.probe()) as Record<string, unknown>;
    return { detail: text(running['detail'], text(detail, '')) };
  } catch (error) {
    if (isGradstreamError(error)) {
      const { code, what, received, next } = error;
      // A plugin that refuses says why in its first sentence; what fails otherwise needs the rest.
      return rejected(code === 'GS_BACKEND_UNAVAILABLE' ? what : `${what}: ${received}`.split('\n')[0]!, next);
    }
    return rejected(
      `Its ${stage} failed: ${error instanceof Error ? error.message : describeValue(error)}`,
      report(name),
    );
  }
}

const text = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

const report = (name: string): string => `Use another backend, and report this to the maintainers of "${name}"`;
