// Ratios measured alternately in one process, best of many: `npm run bench -w @gradstream/backend-wasm` after `npm run build`.
// `-- --only gemm` runs one part; parts: ceiling, gemm, elementwise, fused, step, mlp, convolution, cnn,
// size, start. PYTHON names a Python with PyTorch. After each part: which kernels ran on tfjs-backend-cpu instead, and how often.
import { cnn, convolution } from './convolution.mjs';
import { elementwise } from './elementwise.mjs';
import { fused } from './fused.mjs';
import { ceiling, gemm } from './gemm.mjs';
import { mlp, size, start } from './load.mjs';
import { fallbacks } from './measure.mjs';
import { step } from './step.mjs';

const parts = { ceiling, gemm, elementwise, fused, step, mlp, convolution, cnn, size, start };
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
if (only !== undefined && !(only in parts))
  throw new Error(`There is no part ${only}: choose one of ${Object.keys(parts).join(', ')}.`);
for (const [name, run] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  console.log(`\n${name}`);
  await run();
  console.log(`fallbacks: ${JSON.stringify(fallbacks())}`);
}
process.exit(0);
