import type { Variant } from '../internal/binaries/variants.js';
import type { WideModule } from '../internal/wide/wide-module.js';
import { tryWide } from './try-wide.js';

/** What makes V8 join two vectors: only while the module is compiled, and at once for all of it, so that nothing else of the process comes under it. */
const FLAGS = [
  ['--experimental-wasm-revectorize', '--no-experimental-wasm-revectorize'],
  ['--no-liftoff', '--liftoff'],
  ['--no-wasm-lazy-compilation', '--wasm-lazy-compilation'],
] as const;

const compiled = new Map<string, Promise<WideModule>>();

/**
 * The module of wide functions of a binary, compiled to vectors of 256 bits; or the reason why there is none. That is an experiment of V8's: it is tried first in a process
 * of its own, which checks the bits of what it computes, and that it is faster.
 */
export function compileWide(variant: Variant): Promise<WideModule> {
  let module = compiled.get(variant.name);
  if (module === undefined) {
    module = compile(variant);
    compiled.set(variant.name, module);
  }
  return module;
}

async function compile(variant: Variant): Promise<WideModule> {
  const bytes = Buffer.from((await variant.loadWide()).binary, 'base64');
  const trial = await tryWide(bytes, variant.threads);
  if (trial.reason !== undefined) return trial;
  const { setFlagsFromString } = await import('node:v8');
  const own = FLAGS.filter(([flag]) => !process.execArgv.includes(flag));
  for (const [flag] of own) setFlagsFromString(flag);
  try {
    return { module: new WebAssembly.Module(bytes), gain: trial.gain };
  } finally {
    for (const [, flag] of own) setFlagsFromString(flag);
  }
}
