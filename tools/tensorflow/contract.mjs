// What the adapter for tfjs-node-gpu and that package promise each other: the real package with its real addon, on a stand-in for TensorFlow's C library that is built here. Nothing of
// TensorFlow's is downloaded.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.mjs';
import { buildBinding } from './build-binding.mjs';
import { bundleProgram } from './bundle-program.mjs';
import { checkFailures } from './contract/failures.mjs';
import { checkInstallation } from './contract/installation.mjs';
import { checkSelection } from './contract/selection.mjs';
import { checkTraining } from './contract/training.mjs';
import { fetchPackage } from './fetch-package.mjs';
import { nodes, scratch, VERSION } from './places.mjs';
import { buildStub } from './stub/build-stub.mjs';
import { readReport } from './stub/read-report.mjs';

/** Checks all of it, and says so line by line. Gives the reason where npm cannot fetch the package. */
export async function checkContract() {
  const start = performance.now();
  const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
  const folder = scratch('tensorflow-stub');
  const { folder: packageFolder, reason } = fetchPackage(folder, '@tensorflow/tfjs-node-gpu', VERSION);
  if (reason !== undefined) return { reason };
  for (const part of ['lib', 'deps']) rmSync(join(packageFolder, part), { recursive: true, force: true });
  const program = join(folder, 'program.mjs');
  await bundleProgram('contract/program.mjs', program);

  /** Asks the program, and gives what it says with the report of the stand-in. */
  const say = (question, { env, ...options } = {}) => {
    const report = join(folder, 'report.jsonl');
    rmSync(report, { force: true });
    const answer = ask(program, JSON.stringify(question), { ...options, env: { TF_STUB_REPORT: report, ...env } });
    return { ...answer, report: readReport(report) };
  };
  const build = () => {
    const since = performance.now();
    const built = buildBinding(packageFolder, buildStub(join(folder, 'stub')));
    console.log(
      `the stand-in for TensorFlow's library and the addon of tfjs-node-gpu ${VERSION} are built in ${seconds(since)}`,
    );
    return built;
  };
  checkInstallation(say, packageFolder, build);
  for (const node of nodes) checkTraining((question, options) => say(question, { ...options, node }));
  checkSelection(say, join(folder, 'empty'));
  checkFailures(say, join(folder, 'empty'));
  console.log(`tfjs-node-gpu ${VERSION} and the adapter keep their contract, ${seconds(start)}`);
  return {};
}
