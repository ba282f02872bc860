// `node tools/bundle/bundle.mjs [FOLDER...]`: what Node loads of packages, of all of them where none is named. What a manifest names becomes one file
// each in dist/bundled, what several of these share a few more: Node opens twenty files where there are seven hundred modules. Bundlers take the
// modules that tsc writes, because they leave out what is not used.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundlePackage } from './bundle-package.mjs';

const packages = join(import.meta.dirname, '../../packages');
const named = process.argv.slice(2);
const folders =
  named.length > 0 ? named.map((folder) => resolve(folder)) : readdirSync(packages).map((name) => join(packages, name));
await Promise.all(folders.map(bundlePackage));
