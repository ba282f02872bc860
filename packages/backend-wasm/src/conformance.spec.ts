import { expect, it } from 'vitest';
import { brokenSpecs, conformance } from '../scripts/conformance.mjs';

it('passes every op spec of tfjs-core that tfjs-backend-cpu passes', async () => {
  const [cpu, own] = await conformance([{ backendName: 'cpu' }, { backendName: 'wasm-simd' }]);
  expect(cpu!.passed.length).toBeGreaterThan(4000);
  expect(brokenSpecs(cpu!, own!)).toEqual([]);
  // A spec that ran nothing would pass as well: the kernels of the backend have been called.
  expect(Object.keys(own!.fallbacks).length).toBeGreaterThan(10);
}, 120_000);
