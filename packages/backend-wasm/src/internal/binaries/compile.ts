import type { Variant } from './variants.js';

const compiled = new Map<Variant, Promise<WebAssembly.Module>>();

/** The compiled module of a binary: compiled once, shared by all instances and threads. */
export function compileVariant(variant: Variant): Promise<WebAssembly.Module> {
  let module = compiled.get(variant);
  if (module === undefined) {
    module = variant
      .load()
      .then(({ binary: text }) =>
        WebAssembly.compile(Uint8Array.from(atob(text), (character) => character.charCodeAt(0))),
      );
    compiled.set(variant, module);
  }
  return module;
}
