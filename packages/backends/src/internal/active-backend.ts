import { engine } from '@tensorflow/tfjs-core';

/** The part of tfjs-core's engine that says which backend is active. */
interface ActiveBackend {
  backendName: string | null | undefined;
  backendInstance: object | null;
}

const state = (): ActiveBackend => engine() as unknown as ActiveBackend;

/** The name of the active backend, or null while none is. Starts none, as reading `engine().backend` would. */
export function activeBackend(): string | null {
  // A backend whose start failed leaves its name behind, without an instance.
  return state().backendInstance === null || state().backendInstance === undefined
    ? null
    : (state().backendName ?? null);
}

/** Makes a backend that was active before active again; null: none is. */
export async function restoreBackend(name: string | null): Promise<void> {
  if (name !== null) {
    await engine().setBackend(name);
    return;
  }
  // tfjs-core has no public way back to "none": these two fields are what its own removeBackend resets.
  state().backendName = undefined;
  state().backendInstance = null;
}
