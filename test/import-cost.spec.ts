import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { bundleSource, cacheFolder, chunksOf } from './bundle-source.js';

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

/** The installed packages that are loaded with a module: imports of what it imports at once, not of what it loads later. */
async function loadedWith(specifier: string): Promise<readonly string[]> {
  const entry = join(cache, `loaded-${specifier.replaceAll(/\W/g, '-')}.ts`);
  writeFileSync(entry, `import * as names from '${specifier}';\nexport { names };\n`);
  const chunks = await chunksOf({ entry });
  const waiting = chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName);
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
    for (const imported of chunks.find(({ fileName }) => fileName === file)?.imports ?? []) {
      if (!seen.has(imported)) waiting.push(imported);
      seen.add(imported);
    }
  const files = new Set(chunks.map(({ fileName }) => fileName));
  return [...seen].filter((name) => !files.has(name) && !name.startsWith('node:')).sort();
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

  // What costs time is what is loaded. Backends, messages of TensorFlow and the command line come when they are asked for.
  it.each([
    ['gradstream', ['@tensorflow/tfjs-core', 'rxjs']],
    ['@gradstream/callbacks/node', ['rxjs']],
    ['@gradstream/exporters/node', ['rxjs']],
    ['@gradstream/tensorboard', ['@bufbuild/protobuf', '@bufbuild/protobuf/codegenv2', 'rxjs']],
  ])('%s loads no other packages than %j', async (specifier, packages) => {
    expect(await loadedWith(specifier)).toEqual(packages);
  });

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
