import { binariesOfThisNode, buildInParallel } from './build-wasm.mjs';

/** Projects whose tests run, or compare, binaries that this Node runs behind a flag only. */
const NEED_ALL = ['long', 'relaxed'];

/** Compiles the WASM binaries that a project's tests need and that are not up to date, once before all of its tests. */
export default async function setup({ name }) {
  await buildInParallel(NEED_ALL.includes(name) ? {} : { only: await binariesOfThisNode({ wide: true }) });
}
