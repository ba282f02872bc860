import type { CheckedBackend } from './checked-backend.js';
import { contractChecks } from './contract.js';
import { memoryChecks } from './memory.js';
import { numberChecks } from './numbers.js';
import { trainingChecks } from './training.js';

/** How a test is declared: `it` of vitest, jasmine, mocha, or `test` of `node:test`. */
export type DeclareTest = (title: string, run: () => Promise<void>) => unknown;

/**
 * Declares what holds for every backend: it says what it is or what is in the way, is active once it is started, gives right numbers of every type (against
 * plain loops), trains a small network with flat memory, and gives back what is disposed. Reads are asynchronous alone. The tests run in order, on one backend; gradients
 * have to be registered. `of` gives the plugin when a test runs.
 */
export function testBackend(of: () => CheckedBackend, it: DeclareTest): void {
  for (const [title, check] of Object.entries({
    ...contractChecks,
    ...numberChecks,
    ...trainingChecks,
    ...memoryChecks,
  }))
    it(title, () => check(of()));
}
