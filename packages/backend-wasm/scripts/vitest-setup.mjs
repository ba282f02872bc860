import { buildInParallel } from './build-wasm.mjs';

/** Compiles the WASM binaries that are not up to date, once before all tests. */
export default async function setup() {
  await buildInParallel();
}
