// `npm run browser`: the WASM backend in a real browser. A page that is cross-origin isolated trains the digits network on threads, one that is not and one
// that forbids workers train it on one thread, all with the same losses to the last bit. A browser that is killed while it trains goes on from its checkpoint when it is
// opened again, and ends with the weights of one that was left alone. A page trains on webgpu, where the browser has an adapter, with the losses of cpu.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { findChromium, withPage } from './chromium.mjs';
import { checkResuming } from './resuming.mjs';
import { servePage } from './server.mjs';
import { checkWebgpu } from './webgpu.mjs';

const TIMEOUT = 240_000;
const pages = [
  { title: 'isolated', isolated: true, detail: /^binary relaxed-threads, [2-8] threads$/ },
  {
    title: 'not isolated',
    isolated: false,
    detail: /^binary relaxed, 1 thread \(this page is not cross-origin isolated/,
  },
  {
    title: 'isolated, workers forbidden',
    isolated: true,
    headers: { 'Content-Security-Policy': "worker-src 'none'" },
    detail: /^binary relaxed-threads, 1 thread \(a worker failed to start: /,
  },
];

const chromium = findChromium();
if (chromium === undefined) {
  console.log(
    'skipped: no Chromium was found. Install one (Debian: apt-get install chromium), or name it in CHROMIUM.',
  );
  process.exit(0);
}
console.log(chromium.version);
const folder = await mkdtemp(join(tmpdir(), 'gradstream-page-'));
try {
  await build({
    entryPoints: ['page', 'resuming-page', 'webgpu-page'].map((name) => join(import.meta.dirname, `${name}.mjs`)),
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@gradstream/source'],
    // Two of these belong to Node's branch of packages that run in both.
    external: ['node:*', 'fs', 'path', 'util', 'crypto', 'worker_threads', 'perf_hooks', 'os'],
    logLevel: 'error',
  });
  const opened = performance.now();
  const { checkpoint, epoch, step } = await checkResuming(chromium.command, folder, TIMEOUT);
  console.log(
    `killed and opened again: went on from ${checkpoint} at epoch ${epoch}, step ${step}, with the same end, ${((performance.now() - opened) / 1000).toFixed(1)} s`,
  );
  let first;
  for (const { title, isolated, headers, detail } of pages) {
    const start = performance.now();
    const server = await servePage(folder, { isolated, headers });
    const result = await withPage(chromium.command, server.url, server.result, TIMEOUT).finally(server.close);
    assert.equal(result.error, undefined, result.error);
    assert.equal(result.isolated, isolated);
    assert.match(result.detail, detail);
    assert.equal(result.losses.length, 100);
    assert.ok(result.accuracy > 0.9, `accuracy ${result.accuracy}`);
    assert.deepEqual(result.fallbacks, {});
    assert.equal(result.tensors, 0);
    first ??= result.losses;
    assert.deepEqual(result.losses, first, 'the losses do not depend on threads');
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${title}: ${result.detail}; loss ${first[0].toFixed(3)} to ${result.losses.at(-1).toFixed(3)}, accuracy ${result.accuracy.toFixed(3)}, ${seconds} s`,
    );
  }
  const start = performance.now();
  const said = await checkWebgpu(chromium.command, folder, TIMEOUT);
  console.log(`webgpu: ${said}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
