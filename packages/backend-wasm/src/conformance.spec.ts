import { describe, expect, it } from 'vitest';
import { brokenSpecs, conformance } from '../scripts/conformance.mjs';

const binaries = [
  { variant: 'simd', threads: 1 },
  { variant: 'simd-threads', threads: 2 },
];

// The relaxed binaries need a newer engine than Node 20: `npm run conformance -- --variant relaxed` there.
describe.each(binaries)('$variant, threads: $threads', ({ variant, threads }) => {
  it('passes every op spec of tfjs-core that tfjs-backend-cpu passes', async () => {
    const [cpu, own] = await conformance([
      { backendName: 'cpu' },
      { backendName: 'wasm-simd', options: { variant, threads } },
    ]);
    expect(cpu!.passed.length).toBeGreaterThan(4000);
    expect(brokenSpecs(cpu!, own!)).toEqual([]);
    // A spec that ran nothing would pass as well: the kernels of the backend have been called.
    expect(Object.keys(own!.fallbacks).length).toBeGreaterThan(10);
  }, 120_000);
});
