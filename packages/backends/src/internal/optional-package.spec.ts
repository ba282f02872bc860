import { expect, it } from 'vitest';
import { optionalPackage } from './optional-package.js';

const NAME = '@tensorflow/tfjs-backend-none';
const failing = (message: string, code?: string) => async () => {
  throw Object.assign(new Error(message), { code });
};

it('gives the package', async () => {
  expect(await optionalPackage(NAME, async () => 7)).toEqual({ found: 7 });
});

it('takes a real failing import for what it is', async () => {
  // @ts-expect-error there is no such package
  expect(await optionalPackage(NAME, () => import('@tensorflow/tfjs-backend-none'))).toEqual({
    reason: `The package ${NAME} is not installed`,
    remedy: `Run: npm install ${NAME}@4.22.0`,
  });
});

it.each([
  [`Cannot find package '${NAME}' imported from x.js`, 'ERR_MODULE_NOT_FOUND'],
  [`Failed to resolve module specifier "${NAME}".`, undefined],
])('%s: it is not installed', async (message, code) => {
  expect(await optionalPackage(NAME, failing(message, code))).toMatchObject({
    reason: expect.stringContaining('not installed'),
  });
});

it.each([
  ['x is not a function', undefined],
  ["Cannot find package 'seedrandom' imported from x.js", 'ERR_MODULE_NOT_FOUND'],
])('%s: it is broken', async (message, code) => {
  expect(await optionalPackage(NAME, failing(message, code))).toEqual({
    reason: `The package ${NAME} cannot be loaded: ${message}`,
    remedy: `Install it afresh: npm install ${NAME}@4.22.0`,
  });
});
