import type { Callback } from '@gradstream/core';
import { callbackNames } from './callback-names.js';
import type { Observer } from './observer.js';
import type { AskedFor, Watch } from './watch.js';

/** Who keeps what callbacks asked to observe. */
export interface Keepers {
  readonly observer: Observer;
  readonly asked: Watch;
}

/** What callbacks have asked to observe, for a checkpoint. */
export const takeRequests = ({ observer, asked }: Keepers): readonly AskedFor[] => [
  ...observer.requests,
  ...asked.requests,
];

/** Lets each callback that the checkpoint knows have asked for what it had asked for then. What others ask for stays. */
export function putRequests(
  keepers: Keepers,
  callbacks: readonly Callback[],
  known: readonly { readonly name: string }[],
  requests: readonly AskedFor[],
): void {
  const here = new Set(callbackNames(callbacks));
  const both = new Set(callbackNames(known).filter((name) => here.has(name)));
  for (const one of takeRequests(keepers)) if (both.has(one.from)) request(keepers, { ...one, every: 0 });
  for (const one of requests) if (both.has(one.from)) request(keepers, one);
}

function request({ observer, asked }: Keepers, { from, ...one }: AskedFor): void {
  const { kind } = one;
  if (kind === 'loss' || kind === 'resources') asked.request(kind, from, one.every);
  else observer.request({ type: 'observe', ...one, kind }, from);
}
