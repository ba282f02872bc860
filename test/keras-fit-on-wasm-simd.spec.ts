import { useBackend } from 'gradstream';
import { beforeAll } from 'vitest';
import { checkFit } from '../packages/trainer/fixtures/check-fit.js';

beforeAll(async () => {
  await useBackend('wasm-simd');
});

checkFit();
