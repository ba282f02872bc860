import { Arena } from './arena.js';
import type { Heap } from './heap.js';
import type { TensorData } from './tensor-data.js';
import type { WasmExports } from './wasm-exports.js';

type Work = () => unknown;
type Exports = Readonly<Record<string, (...args: number[]) => unknown>>;

/** What only says how much memory something takes, or where something lies. */
const SAYS = /Scratch$|Geometry$/;

/** Writes down what kernels do while a step runs: their calls into WebAssembly, what they write into its memory, and the memory that they use. */
export class Recorder {
  /** The exports, each call of which is written down. */
  readonly wasm: WasmExports;
  /** Where the step's tensors lie. */
  readonly arena: Arena;
  readonly #heap: Heap;
  readonly #memory: WebAssembly.Memory;
  readonly #steps: Work[] = [];
  readonly #held = new Set<number>();
  #scratch: { address: number; bytes: number } | undefined;
  #isAside = false;
  #reason: string | undefined;

  constructor(exports: WasmExports, memory: WebAssembly.Memory, heap: Heap) {
    this.#heap = heap;
    this.#memory = memory;
    this.arena = new Arena(heap);
    this.wasm = this.#recording(exports as unknown as Exports) as unknown as WasmExports;
  }

  /** Why the step cannot be done again from what was written down: the first reason. */
  get reason(): string | undefined {
    return this.#reason;
  }

  refuse(reason: string): void {
    this.#reason ??= reason;
  }

  /** Does something that is to be done again as a whole: nothing that it calls is written down. */
  aside(work: Work): void {
    const outer = this.#isAside;
    this.#isAside = true;
    try {
      work();
    } finally {
      this.#isAside = outer;
    }
    if (!outer) this.#steps.push(work);
  }

  /** Writes down what lies at an address: it is there again each time. */
  constant(address: number, bytes: number): void {
    const values = new Uint8Array(this.#memory.buffer).slice(address, address + bytes);
    this.#steps.push(() => new Uint8Array(this.#memory.buffer).set(values, address));
  }

  /** Keeps the memory of what the step reads or writes and did not make. */
  touch(data: TensorData): void {
    if (data.length > 0 && !data.isFrom(this.arena)) this.hold(data.address);
  }

  hold(address: number): void {
    if (this.#held.has(address)) return;
    this.#held.add(address);
    this.#heap.hold(address);
  }

  /** Space to work in, of the recording's own. */
  scratch(bytes: number): number {
    if (this.#scratch === undefined || this.#scratch.bytes < bytes) {
      if (this.#scratch !== undefined) this.arena.free(this.#scratch.address, this.#scratch.bytes);
      this.#scratch = { address: this.arena.allocate(bytes), bytes };
    }
    return this.#scratch.address;
  }

  /** Ends the recording with what has to be done last; gives what does all of it again, false where a kernel answered otherwise than before. */
  end(last: Work): () => boolean {
    this.#isAside = true;
    const steps = [...this.#steps, last];
    return () => {
      for (let index = 0; index < steps.length; index++) if (steps[index]!() === false) return false;
      return true;
    };
  }

  /** Gives all memory back. */
  dispose(): void {
    if (this.#scratch !== undefined) this.arena.free(this.#scratch.address, this.#scratch.bytes);
    this.#scratch = undefined;
    this.arena.close();
    for (const address of this.#held) this.#heap.letGo(address);
    this.#held.clear();
  }

  #recording(exports: Exports): Exports {
    return Object.fromEntries(
      Object.entries(exports).map(([name, call]) => {
        if (typeof call !== 'function' || SAYS.test(name)) return [name, call];
        return [
          name,
          (...args: number[]) => {
            const answer = call(...args);
            if (!this.#isAside) this.#steps.push(again(call, args, answer));
            return answer;
          },
        ];
      }),
    );
  }
}

/** The same call; gives false where the answer is another one. */
function again(call: (...args: number[]) => unknown, args: readonly number[], answer: unknown): Work {
  return answer === undefined ? () => void call(...args) : () => Object.is(call(...args), answer);
}
