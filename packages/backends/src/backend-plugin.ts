/** Whether a backend can run here, without having started it. */
export type BackendProbe =
  | { readonly available: true; /** What was found: versions, SIMD, a device's name. */ readonly detail: string }
  | {
      readonly available: false;
      /** Why it cannot run here. */
      readonly reason: string;
      /** What would make it run. */
      readonly remedy: string;
    };

/** What another backend does in place of one. */
export interface BackendFallbacks {
  /** Kernels that it has not itself. */
  readonly kernels: readonly string[];
  /** How often each kernel has run on the other backend since the start: those, and own ones for inputs that they do not cover. */
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * A backend that can be chosen: a name, a look whether it can run here, and a start.
 *
 * `name` is the name under which it is registered in tfjs-core: after `start()`, `tf.getBackend()` gives it.
 */
export interface BackendPlugin {
  readonly name: string;
  /** Looks, changes nothing that can be seen: no backend becomes active. */
  probe(): Promise<BackendProbe>;
  /** Registers what it needs and makes the backend active. Rejects where that fails. May be called again. */
  start(): Promise<void>;
  /** What another backend does for it, once it is started; left out: nothing. */
  fallbacks?(): BackendFallbacks;
  /** Once it is started: tries what is otherwise started when it is needed first, and gives its `detail` with what came of that. For the doctor. */
  examine?(): Promise<string>;
}
