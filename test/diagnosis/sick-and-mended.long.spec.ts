import { useBackend } from 'gradstream';
import { beforeAll, describe } from 'vitest';
import { checkCases } from './check-case.js';
import { cases } from './networks.js';

describe('on cpu', () => {
  beforeAll(async () => {
    await useBackend('cpu');
  });

  checkCases(cases);
});
