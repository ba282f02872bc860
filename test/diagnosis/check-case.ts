import { describe, expect, it } from 'vitest';
import type { Case } from './networks.js';
import { train } from './train.js';

/** Trains each case sick and mended: the sickness is found with evidence and remedy, and is gone with the remedy, where the network learns. */
export function checkCases(these: readonly Case[]): void {
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
}
