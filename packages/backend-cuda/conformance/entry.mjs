// Runs the op specs that tfjs-core ships in its npm package on one backend, `cuda` or `cpu`. Bundled by scripts/conformance.mjs and tools/gpu-check: the specs are written
// for bundlers, and all packages have to share one engine. The environments have to be set before the specs are loaded, hence `require`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { registerCuda } from '../src/cuda.ts';
import { CudaRuntime } from '../src/internal/runtime.ts';

const backendName = process.argv[2] ?? 'cuda';

async function main() {
  tf.env().set('IS_TEST', true); // the engine then looks for leaked data after each kernel
  if (backendName === 'cuda') {
    const { runtime } = await registerCuda('cuda', { library: process.env.GRADSTREAM_CUDA_LIBRARY });
    // The specs make a new backend some hundred times. The context, which takes long to make on a device, is held meanwhile.
    globalThis.heldContext = new CudaRuntime(runtime.driver, runtime.device);
  }
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
  for (const { name, message } of failed.slice(0, 60))
    console.log(`${name}: ${message.slice(0, 160).replaceAll('\n', ' ')}`);
  console.log(`conformance on ${backendName}: ${passed.length} passed, ${failed.length} failed`);
  const fallbacks = backendName === 'cuda' ? tf.findBackend('cuda').fallbacks() : {};
  const out = process.env.GPU_CHECK_OUT;
  if (out)
    writeFileSync(join(out, `conformance-${backendName}.json`), JSON.stringify({ passed, failed, fallbacks }, null, 1));
  process.exit(failed.length > 0 ? 1 : 0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
