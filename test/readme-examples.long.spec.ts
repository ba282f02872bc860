import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkExamples, type CheckedExample } from './check-examples.js';
import { documentBlocks } from './markdown-blocks.js';

const root = join(import.meta.dirname, '..');

describe('the examples of the documents, each in a process of its own', () => {
  const blocks = documentBlocks(root);
  const runnable = blocks.flatMap(({ file, line, runs }, index) => (runs ? [[`${file}:${line}`, index] as const] : []));
  let checked: CheckedExample[];
  beforeAll(async () => {
    checked = await checkExamples(root, blocks, 'readme-examples-alone');
  }, 120_000);

  it.concurrent.each(runnable)('%s runs', async (_, index) => {
    expect(await checked[index]?.run()).toBeUndefined();
  });
});
