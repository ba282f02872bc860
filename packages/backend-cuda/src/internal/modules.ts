import { readFileSync } from 'node:fs';
import { GradstreamError } from '@gradstream/core';
import { check } from '../driver/driver-error.js';
import type { Driver, Handle } from '../driver/driver.js';
import type { Signature } from '../driver/kernel-arguments.js';
import { forTuring } from './turing.js';

/** A kernel: the file it is in, its name there, and what it takes. */
export interface KernelName {
  readonly file: string;
  readonly name: string;
  readonly signature: Signature;
}

/** The kernels of one file of `kernels/`, by name, with what they take. */
export function kernelsIn<T extends string>(
  file: string,
  signatures: Readonly<Record<T, Signature>>,
): Record<T, KernelName> {
  const entries = Object.entries<Signature>(signatures).map(([name, signature]) => [name, { file, name, signature }]);
  return Object.fromEntries(entries) as Record<T, KernelName>;
}

/** Where the compiled kernels lie: from `src/internal`, `dist/internal` and `dist/bundled` alike. */
const folder = new URL('../../ptx/', import.meta.url);

/** Loads files of kernels when they are first asked for: the driver compiles them then, once a machine. */
export class Modules {
  readonly #driver: Driver;
  readonly #capability: number;
  readonly #modules = new Map<string, Handle>();
  readonly #kernels = new Map<KernelName, Handle>();

  constructor(driver: Driver, capability: number) {
    this.#driver = driver;
    this.#capability = capability;
  }

  /** The function behind a kernel. */
  find(kernel: KernelName): Handle {
    const known = this.#kernels.get(kernel);
    if (known !== undefined) return known;
    const found: [number] = [0];
    const error = this.#driver.cuModuleGetFunction(found, this.#module(kernel.file), kernel.name);
    check(this.#driver, error, `cuModuleGetFunction(${kernel.file}/${kernel.name})`);
    this.#kernels.set(kernel, Number(found[0]));
    return Number(found[0]);
  }

  dispose(): void {
    for (const module of this.#modules.values()) this.#driver.cuModuleUnload(module);
    this.#modules.clear();
    this.#kernels.clear();
  }

  #module(file: string): Handle {
    const known = this.#modules.get(file);
    if (known !== undefined) return known;
    const loaded: [number] = [0];
    const text = textOf(file, this.#capability);
    check(this.#driver, this.#driver.cuModuleLoadData(loaded, text), `cuModuleLoadData(${file})`);
    this.#modules.set(file, Number(loaded[0]));
    return Number(loaded[0]);
  }
}

/** The first generation that takes all kernels as they are compiled. */
const AMPERE = 80;

/** A file of kernels for a device, with the 0 behind it that the driver looks for. */
function textOf(file: string, capability: number): Uint8Array {
  try {
    const text = readFileSync(new URL(`${file}.ptx`, folder));
    const isForTuring = file.endsWith('_f16') && capability < AMPERE;
    return Buffer.concat([isForTuring ? Buffer.from(forTuring(text.toString())) : text, new Uint8Array(1)]);
  } catch (cause) {
    throw new GradstreamError('GS_CUDA_KERNELS', {
      where: 'backend-cuda',
      what: 'The compiled kernels are not there',
      expected: `${file}.ptx in ${folder.pathname}`,
      received: String((cause as Error).message),
      next: 'Install @gradstream/backend-cuda again; in its repository, run npm run build:ptx.',
      cause,
    });
  }
}
