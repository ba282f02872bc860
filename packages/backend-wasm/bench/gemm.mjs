import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';

/** The most multiply-and-adds a second that one thread does in registers: 10 accumulators, nothing loaded. */
export async function ceiling() {
  const { one, two } = await backends();
  for (const [name, backend] of [
    ['one', one],
    ['two', two],
  ]) {
    const best = await alternate({ run: () => backend.runtime.wasm.multiplyAddCeiling(20_000) });
    row(`${name}: multiply and add`, [`${((20_000 * 10 * 8) / best.run / 1e6).toFixed(1)} GFLOP/s`]);
  }
}

const SIZES = [
  [512, 512, 512],
  [128, 128, 128],
  [64, 64, 64],
  [128, 10, 128],
  [128, 128, 784],
  [32, 128, 784],
  [784, 128, 32],
  [32, 784, 128],
  // So many products at once, as attention has them.
  [64, 64, 64, 16],
  [128, 128, 128, 8],
];

/** Matrix products through tf.matMul, and the kernel alone; GFLOP/s. */
export async function gemm() {
  await backends();
  row('m x n x k, transposed', ['kernel', 'one', 'two', 'peer', 'one/peer', 'two/one']);
  for (const [m, n, k, batch = 1] of SIZES) {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
    ]) {
      const outer = batch === 1 ? [] : [batch];
      const sides = {};
      for (const name of ['one', 'two', 'wasm']) {
        await tf.setBackend(name);
        sides[name] = {
          a: tf.randomUniform([...outer, ...(transposeA ? [k, m] : [m, k])], -1, 1),
          b: tf.randomUniform([...outer, ...(transposeB ? [n, k] : [k, n])], -1, 1),
        };
        // Now, not lazily: randomUniform writes on the backend that is current.
        sides[name].a.dataSync();
      }
      const run = (name) => () => {
        const { a, b } = sides[name];
        tf.matMul(a, b, transposeA, transposeB).dispose();
      };
      const { runtime } = tf.findBackend('one');
      const one = tf.findBackend('one');
      const [a, b] = [one.address(sides.one.a), one.address(sides.one.b)];
      const c = runtime.heap.allocate(batch * m * n * 4);
      const scratch = one.scratch(runtime.wasm.gemmScratch(batch, m, n, k, Number(transposeB)));
      const kernel = () =>
        runtime.wasm.gemm(
          ...[a, b, c, batch, m * k * 4, k * n * 4, m, n, k],
          ...[Number(transposeA), Number(transposeB), 0, 0, scratch],
        );
      const best = await alternate(
        { kernel, one: run('one'), two: run('two'), wasm: run('wasm') },
        { before: (name) => tf.setBackend(name === 'kernel' ? 'one' : name) },
      );
      const rate = (time) => ((2 * batch * m * n * k) / time / 1e6).toFixed(1);
      row(`${batch === 1 ? '' : `${batch} of `}${m} x ${n} x ${k} ${transposeA ? 'aT' : ''}${transposeB ? 'bT' : ''}`, [
        ...[best.kernel, best.one, best.two, best.wasm].map(rate),
        `${(best.wasm / best.one).toFixed(2)}x`,
        `${(best.one / best.two).toFixed(2)}x`,
      ]);
      runtime.heap.free(c, batch * m * n * 4);
      for (const { a: left, b: right } of Object.values(sides)) tf.dispose([left, right]);
    }
  }
}
