import { useBackend } from 'gradstream';
import { beforeAll, describe, expect, it } from 'vitest';
import { cases } from './networks.js';
import { train } from './train.js';

/** What statistics of the device decide; the rest is arithmetic on the host. */
const ON_DEVICE = ['vanishingGradients', 'explodingGradients', 'deadRelus', 'nonFiniteValues', 'saturatedActivations'];

describe.each([
  ['cpu', cases],
  ['wasm-simd', cases.filter(({ diagnosis }) => ON_DEVICE.includes(diagnosis))],
] as const)('on %s', (backend, these) => {
  beforeAll(async () => {
    await useBackend(backend);
  });

  describe.each(these)('$diagnosis', ({ diagnosis, sick, mended, remedy, below }) => {
    it('is found in a network that has it, with evidence and remedy', async () => {
      const { diagnoses } = await train(sick);
      const found = diagnoses.find(({ name }) => name === diagnosis);
      expect(found?.message).toMatch(/\w{3}/);
      expect(found!.remedy.length).toBeGreaterThan(20);
      expect(Object.keys(found!.evidence).length).toBeGreaterThan(0);
    });

    it(`is gone with ${remedy}, and the network trains`, async () => {
      const { diagnoses, logs } = await train(mended);
      const warned = diagnoses.filter(({ severity, name }) => severity !== 'info' && name !== 'gradientClipping');
      expect(warned).toEqual([]);
      expect(logs['loss']).toBeLessThan(below);
    });
  });
});
