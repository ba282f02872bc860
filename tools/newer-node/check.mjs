// `npm run newer-node`: the specs of the WASM backend, tfjs-core's own on its relaxed binaries among them, and its training tests, on the Node.js that
// package.json here pins; then those of kernels that use vectors of 256 bits, with them. It is installed in this folder and nowhere else.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const binary = join(import.meta.dirname, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

const run = (command, args, cwd, variables = {}) => {
  const env = { ...process.env, ...variables };
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
  console.log(`skipped: there is no package with a newer Node.js for ${process.platform} ${process.arch}.`);
  process.exit(0);
}
if (!existsSync(binary)) run(npm, ['ci', '--no-audit', '--no-fund', '--workspaces=false'], import.meta.dirname);
const wanted = process.argv.slice(2);
const specs =
  wanted.length > 0
    ? wanted
    : ['packages/backend-wasm/', 'test/training-kernels.spec.ts', 'test/backends-agree.spec.ts'];
// The project `relaxed` is for Nodes that do not run the relaxed binaries with the others.
const projects = ['together', 'alone', 'long'].flatMap((name) => ['--project', name]);
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
run(binary, [vitest, 'run', ...projects, ...specs], root);
if (wanted.length === 0) {
  const kernels = ['matrix-product.spec.ts', 'convolution/', 'fused/recurrent.spec.ts'];
  const wide = [...kernels.map((spec) => `src/kernels/${spec}`), 'src/internal/pool/'];
  const files = wide.map((spec) => `packages/backend-wasm/${spec}`);
  run(binary, [vitest, 'run', '--project', 'together', ...files], root, { GRADSTREAM_WASM_WIDE: '1' });
}
