/** A thread that runs `workerMain`. */
export interface WorkerHandle {
  /** Ends the thread at once. */
  terminate(): void;
}

/** What a thread is started with. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The module of wide functions, where there is one. */
  readonly wide?: WebAssembly.Module;
  /** Its number, from 1 on: number 0 is the thread that calls kernels. */
  readonly lane: number;
}

/** A thread that has not come up after so long does not: a page's security policy may hold it back without an error. */
export const START_TIMEOUT = 10_000;
