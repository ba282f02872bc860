import { beforeAll, describe, expect, it } from 'vitest';
import { brokenSpecs, conformance } from '../scripts/conformance.mjs';
import { hasRelaxedSimd } from './internal/binaries/probes.js';

// An engine with relaxed instructions runs the relaxed binaries, an older one the others: `npm run newer-node` runs this file on a newer Node.
const kind = hasRelaxedSimd() ? 'relaxed' : 'simd';
const binaries = [
  { variant: kind, threads: 1 },
  { variant: `${kind}-threads`, threads: 1 },
  { variant: `${kind}-threads`, threads: 2 },
];

let results: Awaited<ReturnType<typeof conformance>>;

beforeAll(async () => {
  const setups = binaries.map((options) => ({ backendName: 'wasm-simd', options }));
  results = await conformance([{ backendName: 'cpu' }, ...setups]);
}, 300_000);

describe.each(binaries.map((binary, index) => ({ ...binary, index })))('$variant, threads: $threads', ({ index }) => {
  it('passes every op spec of tfjs-core that tfjs-backend-cpu passes', () => {
    const [cpu, own] = [results[0]!, results[index + 1]!];
    expect(cpu.passed.length).toBeGreaterThan(4000);
    expect(brokenSpecs(cpu, own)).toEqual([]);
    // A spec that ran nothing would pass as well: the kernels of the backend have been called.
    expect(Object.keys(own.fallbacks).length).toBeGreaterThan(10);
  });
});
