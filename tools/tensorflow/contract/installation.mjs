// What the adapter says while the package is not whole.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { bindingPath } from '../build-binding.mjs';

/** Refused with a reason and a remedy; the next backend computes. */
export function expectRefused({ name, rejected, product, stderr }, reason, remedy) {
  assert.equal(name, 'cpu');
  assert.deepEqual(product, [11]);
  assert.match(rejected[0].reason, reason);
  assert.match(rejected[0].remedy, remedy);
  assert.equal(stderr, '');
}

/** Before the addon is there, with one for another processor, then without TensorFlow's library. `build` builds both. */
export function checkInstallation(say, packageFolder, build) {
  const { path } = bindingPath(packageFolder);
  assert.equal(existsSync(path), false);
  expectRefused(
    say({}),
    /^The native addon of tfjs-node-gpu is not there: npm did not run its install script$/,
    /^Run: npm rebuild @tensorflow\/tfjs-node-gpu /,
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'no addon '.repeat(100));
  expectRefused(
    say({}),
    /^The native addon of tfjs-node-gpu was built for another Node\.js or another processor$/,
    /--build-addon-from-source$/,
  );
  rmSync(path);

  const [library] = build().libraries;
  renameSync(library, `${library}.away`);
  expectRefused(
    say({}),
    /^tfjs-node-gpu cannot be loaded: libtensorflow\.so\.2 is missing$/,
    /^Let npm fetch it: npm rebuild @tensorflow\/tfjs-node-gpu$/,
  );
  renameSync(`${library}.away`, library);
  console.log('without the addon, with one for another processor, without the library: refused with the reason');
}
