import type { Callback, Json } from '@gradstream/core';

/** What a callback remembers, under its name. */
export interface CallbackState {
  readonly name: string;
  readonly state: Json;
}

/** What the callbacks remember, in their order; null for one that does not say. */
export function callbackStates(callbacks: readonly Callback[]): CallbackState[] {
  return callbacks.map((callback) => ({ name: callback.name, state: callback.state?.() ?? null }));
}

/**
 * Gives the callbacks back what they remembered: the n-th of a name what the n-th of that name had. Gives the names of those whose memory nobody takes. Throws what
 * a callback throws that cannot use it.
 */
export function restoreCallbacks(callbacks: readonly Callback[], saved: readonly CallbackState[]): string[] {
  const left = saved.filter(({ state }) => state !== null);
  for (const callback of callbacks) {
    if (callback.restore === undefined) continue;
    const at = left.findIndex(({ name }) => name === callback.name);
    if (at < 0) continue;
    const [{ state }] = left.splice(at, 1) as [CallbackState];
    callback.restore(state);
  }
  return left.map(({ name }) => name);
}
