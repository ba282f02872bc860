// Trains a network of networks.mjs with gradstream when the parent asks; answers with milliseconds a step. Arguments: the network, threads.
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from '@gradstream/backends';
import { fromArrays } from '@gradstream/datasets';
import { compile } from '@gradstream/trainer';
import { network, NETWORKS } from './networks.mjs';

const name = process.argv[2];
const simd = wasmSimdBackend({ threads: Number(process.argv[3]) });
await useBackend({ backend: 'wasm-simd', plugins: [simd] });
const { shape, below, batch, steps } = NETWORKS[name];
const rows = batch * steps;
const count = rows * shape.reduce((product, length) => product * length, 1);
const values =
  below === undefined
    ? Float32Array.from({ length: count }, Math.random)
    : Int32Array.from({ length: count }, () => Math.floor(Math.random() * below));
const data = fromArrays({
  x: { dtype: below === undefined ? 'float32' : 'int32', shape: [rows, ...shape], values },
  y: { dtype: 'int32', shape: [rows], values: Int32Array.from({ length: rows }, (_, row) => row % 10) },
});
const trainer = compile(network(name), { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
process.on('message', async () => {
  const before = process.cpuUsage();
  const start = performance.now();
  await trainer.fit(data.shuffle(rows, { seed: 1 }).batch(batch), { epochs: 1 });
  const milliseconds = (performance.now() - start) / steps;
  const { user, system } = process.cpuUsage(before);
  process.send({ milliseconds, cpu: (user + system) / 1000 / steps, served: simd.fallbacks().calls });
});
process.send({ ready: true });
