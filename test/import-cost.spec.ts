import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { OutputChunk } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { bundleSource, cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'import-cost');
const subpaths = packageFolders(root).flatMap(({ manifest }) =>
  Object.keys(manifest.exports ?? {})
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => manifest.name + subpath.slice(1)),
);

/** What came of an import: what it changed, each thing before and after, or the error that it threw. */
type Change = Readonly<Record<string, unknown>>;

/**
 * What an import may not change, written down before and after: globals, the methods of the built-in classes, the tables in which tfjs
 * keeps kernels, gradients, backends and tensors, listeners of the process, timers and open handles. Each module is told of by itself.
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

for (const entry of process.argv.slice(2)) {
  const before = world();
  const failed = await import(entry).then(() => undefined, (error) => ({ error: String(error) }));
  const after = world();
  const changed = Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  console.log(JSON.stringify(failed ?? Object.fromEntries(changed.map((key) => [key, { before: before[key], after: after[key] }]))));
}
// Runs only where something else keeps the process alive.
setTimeout(() => {
  console.error('It does not end by itself.');
  process.exit(1);
}, 1500).unref();
`;

/** Imports modules, one after another, in one process, and gives what each changed. Throws where the process does not end by itself. */
async function changesInOrder(entries: readonly string[]): Promise<readonly Change[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(cache, 'probe.mjs'), ...entries], {
    cwd: cache,
    timeout: 120_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Change);
}

/** The same. Where not all goes well each module has a process of its own, so that it is known which one does not let it end. */
async function changesOf(entries: readonly string[]): Promise<readonly Change[]> {
  try {
    return await changesInOrder(entries);
  } catch {
    const alone = entries.map(async (entry) =>
      changesInOrder([entry]).then(
        ([change]) => change!,
        (error: unknown) => ({ error: String(error) }),
      ),
    );
    return Promise.all(alone);
  }
}

/** The installed packages that are loaded with a module: imports of what it imports at once, not of what it loads later. */
function loadedWith(specifier: string): readonly string[] {
  const waiting = [`${nameOf(specifier)}.mjs`];
  const seen = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
    for (const imported of chunks.find(({ fileName }) => fileName === file)!.imports) {
      if (!seen.has(imported))
        waiting.push(...chunks.filter(({ fileName }) => fileName === imported).map(() => imported));
      seen.add(imported);
    }
  const files = new Set(chunks.map(({ fileName }) => fileName));
  return [...seen].filter((name) => !files.has(name) && !name.startsWith('node:')).sort();
}

const nameOf = (specifier: string): string => specifier.replaceAll(/\W/g, '-');

/** Puts modules of these texts into the cache: their paths by their names. */
function write(texts: Readonly<Record<string, string>>, ending: string): Readonly<Record<string, string>> {
  const files = Object.entries(texts).map(([name, text]) => [name, join(cache, `${name}.${ending}`), text] as const);
  for (const [, file, text] of files) writeFileSync(file, text);
  return Object.fromEntries(files.map(([name, file]) => [name, file]));
}

let chunks: readonly OutputChunk[];
beforeAll(async () => {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  write({ probe: PROBE }, 'mjs');
  const sources = subpaths.map((specifier) => [
    nameOf(specifier),
    `import * as names from '${specifier}';\nexport { names };\n`,
  ]);
  chunks = await bundleSource(write(Object.fromEntries(sources), 'ts'), join(cache, 'bundle'));
}, 120_000);
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('importing', () => {
  let changes: readonly Change[];
  beforeAll(async () => {
    changes = await changesOf(subpaths.map((specifier) => join(cache, 'bundle', `${nameOf(specifier)}.mjs`)));
  }, 120_000);

  // A change is told of the first that brings it.
  it.each(subpaths.map((specifier, index) => [specifier, index] as const))('%s changes nothing', (_, index) => {
    expect(changes[index]).toEqual({});
  });

  // What costs time is what is loaded. Backends, messages of TensorFlow and the command line come when they are asked for.
  it.each([
    ['gradstream', ['@tensorflow/tfjs-core', 'rxjs']],
    ['@gradstream/callbacks/node', ['rxjs']],
    ['@gradstream/exporters/node', ['rxjs']],
    ['@gradstream/tensorboard', ['@bufbuild/protobuf', '@bufbuild/protobuf/codegenv2', 'rxjs']],
  ])('%s loads no other packages than %j', (specifier, packages) => {
    expect(loadedWith(specifier)).toEqual(packages);
  });
});

/** Modules that change the world, and what is seen of it. */
const planted = {
  globals: 'globalThis.planted = 1;',
  classes: 'Array.prototype.planted = () => 1;',
  handles: 'setTimeout(() => {}, 100);',
  listeners: "process.on('exit', () => {});",
  registries:
    "import { registerGradient } from '@tensorflow/tfjs-core'; registerGradient({ kernelName: 'Planted', gradFunc: () => ({}) });",
  tensors:
    "import { registerBackend, KernelBackend, tensor1d } from '@tensorflow/tfjs-core'; registerBackend('planted', () => ({ write: () => ({}), floatPrecision: () => 32 })); tensor1d([1]);",
  backends: "import { registerBackend } from '@tensorflow/tfjs-core'; registerBackend('another', () => null);",
  tensorMethods: "import { Tensor } from '@tensorflow/tfjs-core'; Tensor.prototype.planted = () => 1;",
};

describe('an import is seen', () => {
  let changes: readonly Change[];
  let withEndless: readonly Change[];
  beforeAll(async () => {
    // Nothing comes first: the planted timer ends while some later module is imported.
    const files = write({ nothing: '', ...planted, error: "throw new Error('planted');" }, 'mjs');
    const endless = write({ before: '', endless: 'setInterval(() => {}, 1000);', after: '' }, 'mjs');
    [changes, withEndless] = await Promise.all([changesOf(Object.values(files)), changesOf(Object.values(endless))]);
  }, 120_000);

  it.each(['nothing', ...Object.keys(planted), 'error'].map((key, index) => [key, index] as const))(
    'to change %s',
    (key, index) => {
      if (key === 'nothing') expect(changes[index]).toEqual({});
      else expect(changes[index]).toHaveProperty(key);
    },
  );

  it('not to let the process end', () => {
    expect(withEndless).toEqual([{}, { error: expect.stringMatching(/endless\.mjs[^]*does not end by itself/) }, {}]);
  });
});
