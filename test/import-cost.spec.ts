import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { bundleSource, cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'import-cost');
const subpaths = packageFolders(root).flatMap(({ manifest }) =>
  Object.keys(manifest.exports ?? {})
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => manifest.name + subpath.slice(1)),
);

/**
 * What an import may not change, written down before and after: globals, the methods of the built-in classes, the tables in which tfjs
 * keeps kernels, gradients, backends and tensors, listeners of the process, timers and open handles.
 */
const PROBE = `
import * as tf from '@tensorflow/tfjs-core';
import 'rxjs';

function world() {
  const classes = ['Array', 'Object', 'Function', 'Promise', 'Map', 'Set', 'Float32Array', 'Uint8Array', 'String', 'Number', 'Math', 'JSON'];
  const registries = [...(globalThis._tfGlobals ?? new Map())].map(([name, value]) => [name, value?.size]);
  return {
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    classes: classes.map((name) => [name, ...Object.getOwnPropertyNames(globalThis[name]), ...Object.getOwnPropertyNames(globalThis[name].prototype ?? {})].join()),
    tensorMethods: Object.getOwnPropertyNames(tf.Tensor.prototype).join(),
    registries,
    backends: Object.keys(tf.engine().registryFactory),
    tensors: tf.engine().state.numTensors,
    listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
    handles: process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'TTYWrap').sort(),
    environment: JSON.stringify(process.env),
    folder: process.cwd(),
  };
}

const before = world();
await import(process.argv[2]);
const after = world();
const changed = Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
console.log(JSON.stringify(Object.fromEntries(changed.map((key) => [key, { before: before[key], after: after[key] }]))));
`;

/** Imports a module in a process of its own, and gives what that changed. Throws where the process does not end by itself. */
async function changesOf(entry: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(cache, 'probe.mjs'), entry], {
    cwd: cache,
    timeout: 20_000,
  });
  return JSON.parse(stdout) as unknown;
}

mkdirSync(cache, { recursive: true });
writeFileSync(join(cache, 'probe.mjs'), PROBE);
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('importing', () => {
  it.concurrent.each(subpaths.map((specifier, index) => [specifier, `import-${index}`] as const))(
    '%s changes nothing',
    async (specifier, name) => {
      const source = join(cache, `${name}.ts`);
      writeFileSync(source, `import * as names from '${specifier}';\nexport { names };\n`);
      await bundleSource({ [name]: source }, join(cache, name));
      expect(await changesOf(join(cache, name, `${name}.mjs`))).toEqual({});
    },
  );

  it.concurrent.each([
    ['a global', 'globalThis.planted = 1;', 'globals'],
    ['a method for everyone', 'Array.prototype.planted = () => 1;', 'classes'],
    ['a timer', 'setTimeout(() => {}, 100);', 'handles'],
    ['a listener', "process.on('exit', () => {});", 'listeners'],
    [
      'a gradient',
      "import { registerGradient } from '@tensorflow/tfjs-core'; registerGradient({ kernelName: 'Planted', gradFunc: () => ({}) });",
      'registries',
    ],
    [
      'a tensor',
      "import { registerBackend, KernelBackend, tensor1d } from '@tensorflow/tfjs-core'; registerBackend('planted', () => ({ write: () => ({}), floatPrecision: () => 32 })); tensor1d([1]);",
      'tensors',
    ],
    [
      'a backend',
      "import { registerBackend } from '@tensorflow/tfjs-core'; registerBackend('planted', () => null);",
      'backends',
    ],
    [
      'tensor methods',
      "import { Tensor } from '@tensorflow/tfjs-core'; Tensor.prototype.planted = () => 1;",
      'tensorMethods',
    ],
  ])('is seen to leave %s', async (what, code, key) => {
    const file = join(cache, `planted-${key}.mjs`);
    writeFileSync(file, code);
    expect(await changesOf(file), what).toHaveProperty(key);
  });
});
