import { useBackend } from 'gradstream';
import { beforeAll, describe } from 'vitest';
import { checkCases } from './check-case.js';
import { cases } from './networks.js';

/** What statistics of the device decide. The rest is arithmetic on the host, and trained on cpu with the long tests. */
const ON_DEVICE = ['vanishingGradients', 'explodingGradients', 'deadRelus', 'nonFiniteValues', 'saturatedActivations'];

describe('on wasm-simd', () => {
  beforeAll(async () => {
    await useBackend('wasm-simd');
  });

  checkCases(cases.filter(({ diagnosis }) => ON_DEVICE.includes(diagnosis)));
});
