import * as tf from '@tensorflow/tfjs-core';
import { alternate, backends, row } from './measure.mjs';
import { torchTurns } from './torch.mjs';

/** Rounds of the measurement of the most that one thread does in registers. */
const ROUNDS = 20_000;

/**
 * The most multiply-and-adds a second that one thread does in registers, 10 accumulators, nothing loaded, beside the matrix product, in turns. Each chain waits
 * for itself: a product whose loads leave no gaps may do a little more.
 */
export async function ceiling() {
  const { one } = await backends();
  const { runtime } = one;
  const n = 512;
  const [a, b, c] = [0, 1, 2].map(() => runtime.heap.allocate(n * n * 4));
  new Float32Array(runtime.memory.buffer, a, n * n).fill(0.5);
  new Float32Array(runtime.memory.buffer, b, n * n).fill(0.25);
  const scratch = one.scratch(runtime.wasm.gemmScratch(1, n, n, n, 0));
  const best = await alternate({
    registers: () => runtime.wasm.multiplyAddCeiling(ROUNDS),
    product: () => runtime.wasm.gemm(a, b, c, 1, 0, 0, n, n, n, 0, 0, 0, 0, scratch),
  });
  const [registers, product] = [(ROUNDS * 10 * 8) / best.registers / 1e6, (2 * n ** 3) / best.product / 1e6];
  row('one thread, GFLOP/s', ['registers', '512^3', 'share']);
  row('multiply and add', [registers.toFixed(1), product.toFixed(1), `${((100 * product) / registers).toFixed(0)} %`]);
  for (const address of [a, b, c]) runtime.heap.free(address, n * n * 4);
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
  const torch = await torchTurns();
  row('m x n x k, transposed', ['kernel', 'one', 'two', 'peer', 'PyTorch', 'one/peer', 'two/one', 'one/PyTorch']);
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
      const shape = (rows, columns) => JSON.stringify([...outer, rows, columns]);
      const operand = (isTransposed, rows, columns) =>
        isTransposed ? `torch.rand(${shape(columns, rows)}).transpose(-1, -2)` : `torch.rand(${shape(rows, columns)})`;
      const setup = `a = ${operand(transposeA, m, k)}; b = ${operand(transposeB, k, n)}`;
      const best = await alternate(
        {
          ...{ kernel, one: run('one'), two: run('two'), wasm: run('wasm') },
          ...(torch === undefined ? {} : { torch: torch.side(setup, 'a @ b') }),
        },
        { before: (name) => tf.setBackend(name === 'kernel' ? 'one' : name) },
      );
      const rate = (time) => ((2 * batch * m * n * k) / time / 1e6).toFixed(1);
      row(`${batch === 1 ? '' : `${batch} of `}${m} x ${n} x ${k} ${transposeA ? 'aT' : ''}${transposeB ? 'bT' : ''}`, [
        ...[best.kernel, best.one, best.two, best.wasm].map(rate),
        torch === undefined ? '-' : rate(best.torch),
        `${(best.wasm / best.one).toFixed(2)}x`,
        `${(best.one / best.two).toFixed(2)}x`,
        torch === undefined ? '-' : `${(best.torch / best.one).toFixed(2)}x`,
      ]);
      runtime.heap.free(c, batch * m * n * 4);
      for (const { a: left, b: right } of Object.values(sides)) tf.dispose([left, right]);
    }
  }
}
