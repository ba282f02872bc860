// Runs the op specs that tfjs-core ships in its npm package on one backend. Bundled by scripts/conformance.mjs: the specs are written for bundlers, and all
// packages have to share one engine. The environments have to be set before the specs are loaded, hence `require`.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { wasmSimdBackend } from '../src/index.ts';

const { backendName, options } = JSON.parse(process.env.GRADSTREAM_CONFORMANCE);

async function main() {
  tf.env().set('IS_TEST', true); // the engine then looks for leaked data after each kernel
  if (backendName !== 'cpu') await wasmSimdBackend(options).start();
  await tf.setBackend(backendName);
  const Jasmine = require('jasmine');
  const runner = new Jasmine();
  runner.loadConfig({ spec_dir: '.', spec_files: [], random: false });
  runner.exitOnCompletion = false;
  jasmine.DEFAULT_TIMEOUT_INTERVAL = 20000;
  setTestEnvs([{ name: `test-${backendName}`, backendName, flags: {}, isDataSync: true }]);
  require('@tensorflow/tfjs-core/dist/tests');

  const passed = [];
  const failed = [];
  runner.clearReporters();
  runner.addReporter({
    specDone(spec) {
      const name = spec.fullName.replaceAll(`test-${backendName}`, 'test');
      if (spec.status === 'passed') passed.push(name);
      if (spec.status === 'failed') failed.push({ name, message: spec.failedExpectations[0]?.message ?? '' });
    },
  });
  await runner.execute();
  const fallbacks = backendName === 'cpu' ? {} : tf.findBackend(backendName).fallbacks();
  require('fs').writeFileSync(process.env.GRADSTREAM_CONFORMANCE_OUT, JSON.stringify({ passed, failed, fallbacks }));
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
