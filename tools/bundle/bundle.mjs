// `node tools/bundle/bundle.mjs [FOLDER...]`: what Node loads of packages, of all of them where none is named. What a manifest names becomes one file
// each in dist/bundled, what several of these share a few more: Node opens forty files where there are seven hundred modules. Bundlers take the
// modules that tsc writes, because they leave out what is not used.
import { resolve } from 'node:path';
import { bundleAll, bundlePackage } from './bundle-package.mjs';

const named = process.argv.slice(2);
await (named.length > 0 ? Promise.all(named.map((folder) => bundlePackage(resolve(folder)))) : bundleAll());
