import type { Observe, Resources } from '@gradstream/core';
import { memory } from '@tensorflow/tfjs-core';

/** Numbers that a training can state beside statistics of tensors. */
export type WatchedKind = 'loss' | 'resources';

/** What a callback has asked for. */
export type AskedFor = Omit<Observe, 'type'> & { readonly from: string };

/** What training holds, as in the event. */
export type ResourceNumbers = Pick<Resources, 'tensors' | 'tensorBytes' | 'heapBytes' | 'processBytes'>;

/** Remembers which of them were asked for, by whom and how often. Where nobody asked, a step pays nothing. */
export class Watch {
  readonly #requests: Readonly<Record<WatchedKind, Map<string, number>>> = { loss: new Map(), resources: new Map() };

  request(kind: WatchedKind, from: string, every: number): void {
    if (every > 0) this.#requests[kind].set(from, every);
    else this.#requests[kind].delete(from);
  }

  /** What is asked for now, by whom. */
  get requests(): readonly AskedFor[] {
    return (Object.keys(this.#requests) as WatchedKind[]).flatMap((kind) =>
      [...this.#requests[kind]].map(([from, every]) => ({ from, kind, every })),
    );
  }

  wants(kind: WatchedKind, step: number): boolean {
    for (const every of this.#requests[kind].values()) if (step % every === 0) return true;
    return false;
  }
}

interface Host {
  readonly process?: { memoryUsage?(): { readonly heapUsed: number; readonly rss: number } };
  readonly performance?: { readonly memory?: { readonly usedJSHeapSize: number } };
}

/** What is held now: the backend's tensors, and memory where the host tells (Node.js, Chromium). */
export function resources(host: Host = globalThis as unknown as Host): ResourceNumbers {
  const { numTensors, numBytes } = memory();
  const usage = host.process?.memoryUsage?.();
  const heapBytes = usage?.heapUsed ?? host.performance?.memory?.usedJSHeapSize ?? null;
  return { tensors: numTensors, tensorBytes: numBytes, heapBytes, processBytes: usage?.rss ?? null };
}
