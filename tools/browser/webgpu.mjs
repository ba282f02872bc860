import assert from 'node:assert/strict';
import { withPage } from './chromium.mjs';
import { servePage } from './server.mjs';

/** Chromium's own software adapter, where there is no GPU. */
const ADAPTER = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Trains on webgpu in a page and compares with cpu. Gives a line about it. `folder` holds the page's modules. */
export async function checkWebgpu(command, folder, timeout) {
  const server = await servePage(folder, { isolated: false, page: 'webgpu-page' });
  const result = await withPage(command, server.url, server.result, timeout, { flags: ADAPTER }).finally(server.close);
  assert.equal(result.error, undefined, result.error);
  if (result.skipped !== undefined) return `not checked: ${result.skipped}`;
  const { chosen, why, webgpu, cpu, contract, wrong, summed, refused } = result;
  assert.deepEqual(contract.failed, []);
  assert.deepEqual([wrong, summed, refused], [0, true, 'GS_BACKEND_KERNEL']);
  // A real GPU is taken, one that the processor plays is not.
  if (chosen !== 'webgpu') {
    assert.equal(why.name, 'webgpu');
    assert.match(why.reason, /computes on the CPU/);
  }
  assert.equal(webgpu.losses.length, 12);
  for (const [step, loss] of webgpu.losses.entries())
    assert.ok(Math.abs(loss / cpu.losses[step] - 1) < 1e-4, `step ${step}: ${loss} where cpu has ${cpu.losses[step]}`);
  assert.ok(webgpu.losses.at(-1) < webgpu.losses[0]);
  assert.deepEqual([webgpu.tensors, cpu.tensors], [0, 0]);
  return `${webgpu.detail}; loss ${webgpu.losses[0].toFixed(3)} to ${webgpu.losses.at(-1).toFixed(3)}, as on cpu; ${contract.checked} checks of every backend; without a name ${chosen} is taken`;
}
