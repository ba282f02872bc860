import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { expectRefused, expectTaken, often, prepare, refused, taken } from './tensorflow-adapter-cases.js';

describe('the adapter of tfjs-node-gpu and tfjs-node, other cases', () => {
  let cache: string;
  beforeAll(async () => void (cache = await prepare('tensorflow-adapter-long')));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  it.concurrent.each(taken.slice(often.taken))('takes %s', (_, asked, detail) => expectTaken(cache, asked, detail));

  it.concurrent.each(refused.slice(often.refused))(
    'goes on with the next backend where %s, and refuses where it is named',
    (_, asked, reason, remedy) => expectRefused(cache, asked, reason, remedy),
  );
});
