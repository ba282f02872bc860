// `npm run packaging`: what users get. Builds, packs every public package, installs the tarballs by name in empty folders outside the
// workspace, imports every subpath there in plain Node, type-checks it there, runs the READMEs' examples there, and asks publint and attw.
// Names as arguments check only those packages; `--no-build` takes what is built.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { cudaProblems, findEmulator } from './cuda.mjs';
import { attwProblems, publintProblems } from './judges.mjs';
import { examplesOf } from './readme-examples.mjs';
import { FOR_BUNDLERS, FOR_NODE, importProblems, install, typeProblems } from './scratch-install.mjs';
import { npm, pack, publicPackages, tarballProblems } from './tarballs.mjs';

const root = join(import.meta.dirname, '../..');
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const chosen = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(join(tmpdir(), 'gradstream-packaging-'));
let passed = 0;
let failed = 0;

/** Runs one check, which gives sentences: none where all is well. */
async function check(title, work) {
  const start = performance.now();
  let problems;
  try {
    problems = await work();
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  if (problems.length === 0) passed++;
  else failed++;
  console.log(
    `${problems.length === 0 ? 'passed' : 'FAILED'}: ${title} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
  for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`);
  return problems.length === 0;
}

async function main() {
  if (!options.includes('--no-build') && !(await check('build', () => npm(root, ['run', 'build'])))) return;
  const all = publicPackages(root);
  const packages = chosen.length > 0 ? all.filter(({ folder }) => chosen.includes(folder)) : all;
  const packed = await check(`npm pack of ${all.length} packages`, () => pack(root, all, scratch));
  if (!packed) return;
  for (const item of packages) {
    await check(`${item.name}: tarball, publint, attw`, async () => [
      ...tarballProblems(item),
      ...(await publintProblems(item)),
      ...(await attwProblems(item)),
    ]);
  }
  // Alone: a package that forgot to list a dependency finds it in no other package's folder.
  const waiting = [...packages];
  const alone = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      const directory = join(scratch, `alone-${item.folder}`);
      await check(`${item.name}: installed alone, imported, type-checked`, () =>
        together(directory, [item], all, [FOR_NODE]),
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, alone));
  if (chosen.length > 0) return;
  const directory = join(scratch, 'all');
  if (
    !(await check('all packages: installed together, imported, type-checked', () =>
      together(directory, all, all, [FOR_NODE, FOR_BUNDLERS]),
    ))
  )
    return;
  const { library, reason } = await findEmulator(root);
  if (library !== undefined)
    await check('all packages: train on cuda, on its emulator', () => cudaProblems(directory, library));
  else console.log(`not checked: training on cuda, ${reason}`);
  for (const { title, run } of examplesOf(all, directory)) await check(`${title}: runs on the installed packages`, run);
}

/** Installs packages in an empty folder and gives what is wrong with using them there. */
async function together(directory, packages, all, resolutions) {
  const problems = await install(directory, packages, all);
  return problems.length > 0
    ? problems
    : [...(await importProblems(directory, packages)), ...(await typeProblems(root, directory, packages, resolutions))];
}

try {
  await main();
} finally {
  if (options.includes('--keep')) console.log(`kept: ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
