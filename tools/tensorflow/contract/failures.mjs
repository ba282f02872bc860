// What the adapter makes of TensorFlow's failures.
import assert from 'node:assert/strict';
import { expectRefused } from './installation.mjs';

/** `libraries` is a folder with something of the name of the GPU's driver. */
export function checkFailures(say, libraries) {
  const env = { TF_STUB_GPU: '1', LD_LIBRARY_PATH: libraries };
  expectRefused(
    say({}, { env: { ...env, TF_STUB_WRONG: 'BatchMatMulV2' } }),
    /^A matrix product came out wrong: 65 where 64 is right$/,
    /report/,
  );
  expectRefused(
    say({}, { env: { ...env, TF_STUB_FAIL: 'BatchMatMulV2=13=cuBLAS does not start' } }),
    /^TensorFlow could not do BatchMatMulV2: TF_Status: 13 \(INTERNAL\), cuBLAS does not start$/,
    /another backend/,
  );

  // The addon reads from a context that it did not get, which ends the process: one of its own.
  const crashed = say({}, { env: { ...env, TF_STUB_CONTEXT: '13' } });
  expectRefused(crashed, /^tfjs-node-gpu ends a process that loads it, with SIGSEGV/, /nvidia-smi/);
  assert.deepEqual(
    crashed.report.map(({ event, growth }) => `${event} ${growth}`),
    ['context true'],
  );
  // What somebody has said of the memory stays.
  const { report } = say({}, { env: { ...env, TF_FORCE_GPU_ALLOW_GROWTH: 'false' } });
  assert.deepEqual(
    report.filter(({ event }) => event === 'context').map(({ growth }) => growth),
    ['false', 'false'],
  );

  checkOperations(say({ role: 'fail' }, { env }));
  console.log(
    'wrong numbers, no context, operations that fail: refused or an error with its code, and the process goes on',
  );
}

/** Operations that fail while a program runs, and work again. */
function checkOperations({ memory, training, copy, kernel, wrong, again, loss, sine, served, report, stderr }) {
  for (const [failed, operation] of [
    [memory, 'BatchMatMulV2'],
    [training, 'BatchMatMulV2'],
    [copy, 'createTensor'],
  ]) {
    assert.equal(failed.code, 'GS_BACKEND_MEMORY', failed.message);
    assert.match(
      failed.message,
      new RegExp(`\\[backends/tensorflow/${operation}\\] The memory of the device is used up`),
    );
    assert.match(failed.message, /TF_Status: 8 \(RESOURCE_EXHAUSTED\), OOM when/);
  }
  assert.equal(kernel.code, 'GS_BACKEND_KERNEL');
  assert.match(
    kernel.message,
    /TensorFlow could not do BatchMatMulV2\..*TF_Status: 13 \(INTERNAL\), cuBLAS does not start/,
  );
  assert.equal(wrong.code, 'GS_BACKEND_KERNEL');
  assert.match(wrong.message, /TF_Status: 3 \(INVALID_ARGUMENT\), BatchMatMulV2: Matrix size-incompatible/);
  for (const { left } of [memory, training, copy, kernel, wrong]) assert.equal(left, 0, 'tensors that are left');

  assert.deepEqual(again, [11]);
  assert.ok(Number.isFinite(loss));
  // An operation that TensorFlow says it has not is served.
  assert.deepEqual(sine, [0]);
  assert.equal(served.Sin, 1);
  assert.deepEqual(report.at(-1).alive, {});
  assert.equal(stderr, '');
}
