import { engine, env, type KernelBackend, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** A recorded operation. `gradient` is told which inputs lead to a wanted variable, where whoever walks the tape knows. */
export interface TapeNode {
  readonly id: number;
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  readonly outputs: Tensor[];
  readonly saved?: Tensor[];
  readonly gradient?: (dys: (Tensor | undefined)[], wanted?: ReadonlySet<string>) => Record<string, () => Tensor>;
}

/** The parts of tfjs-core's engine that its declarations hide. */
export interface OpenEngine {
  readonly backend: KernelBackend;
  readonly backendName: string;
  readonly state: {
    activeTape: TapeNode[] | undefined;
    nextTapeNodeId: number;
    gradientDepth: number;
    kernelDepth: number;
    readonly profiling: boolean;
    readonly tensorInfo: WeakMap<object, { readonly backend: KernelBackend }>;
  };
  startTape(): void;
  endTape(): void;
  isTapeOn(): boolean;
  incRef(tensor: Tensor, backend: KernelBackend): void;
}

/** tfjs-core's engine with those parts. */
export function openEngine(): OpenEngine {
  return engine() as unknown as OpenEngine;
}

/** True where somebody counts, times or checks kernels, and every one has to go through the engine. */
export function isWatched({ state }: OpenEngine): boolean {
  return state.profiling || env().getBool('DEBUG') || env().getBool('IS_TEST');
}

/** Runs work that the engine's tape does not see: it takes it for the inside of a kernel. */
export function offTape<T>(work: () => T): T {
  const { state } = openEngine();
  state.kernelDepth++;
  try {
    return work();
  } finally {
    state.kernelDepth--;
  }
}
