import * as tf from '@tensorflow/tfjs-core';

/** Things that are there once for a process, under the names that tfjs-core gives them, and what the first found. */
interface World {
  readonly _tfGlobals: ReadonlyMap<string, Map<string, unknown>>;
  environmentAtStart?: NodeJS.ProcessEnv;
  kernelsAtStart?: ReadonlyMap<string, unknown>;
}

/** Backends that are registered by an import, which happens once. The others are registered by who starts them. */
const STOCK = ['cpu', 'wasm'];

/** What Node and TensorFlow.js keep for a whole process becomes as in a new one that has loaded the stock backends. */
export async function freshWorld(): Promise<void> {
  await Promise.all([import('@tensorflow/tfjs-backend-cpu'), import('@tensorflow/tfjs-backend-wasm')]);
  const world = globalThis as typeof globalThis & World;

  const environment = (world.environmentAtStart ??= { ...process.env });
  const own = (name: string): boolean => !name.startsWith('VITEST');
  for (const name of Object.keys(process.env)) if (own(name) && !(name in environment)) delete process.env[name];
  for (const [name, value] of Object.entries(environment)) if (own(name)) process.env[name] = value;

  // The stock ones keep running, with the tensors of modules that are still loaded.
  for (const name of tf.engine().backendNames()) if (!STOCK.includes(name)) tf.removeBackend(name);
  tf.env().reset();
  const kernels = world._tfGlobals.get('kernelRegistry') as Map<string, unknown>;
  const kernelsAtStart = (world.kernelsAtStart ??= new Map(kernels));
  kernels.clear();
  for (const [key, kernel] of kernelsAtStart) kernels.set(key, kernel);
  world._tfGlobals.get('gradRegistry')?.clear();
  await tf.setBackend('cpu');
}
