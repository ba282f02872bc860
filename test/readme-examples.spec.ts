import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkExamples, type CheckedExample } from './check-examples.js';
import { blocksOf, documentBlocks } from './markdown-blocks.js';

const root = join(import.meta.dirname, '..');

describe('the examples of the documents', () => {
  const blocks = documentBlocks(root);
  const places = blocks.map(({ file, line }, index) => [`${file}:${line}`, index] as const);
  const runnable = places.filter(([, index]) => blocks[index]?.runs);
  let checked: CheckedExample[];
  beforeAll(async () => {
    checked = await checkExamples(root, blocks, 'readme-examples');
  }, 120_000);

  it.each(places)('%s has right types', (_, index) => {
    expect(checked[index]?.typeErrors).toEqual([]);
  });

  it.concurrent.each(runnable)('%s runs', async (_, index) => {
    expect(await checked[index]?.run()).toBeUndefined();
  });
});

describe('an example that is wrong', () => {
  const text = [
    '```ts',
    'const count: number = "one";',
    '```',
    '```ts',
    "import { randomKey } from '@gradstream/core';",
    'randomKey(1);',
    "throw new Error('planted');",
    '```',
    '```ts',
    'setInterval(() => {}, 1000);',
    '```',
    '```ts no-run',
    "import { noSuchName } from '@gradstream/core';",
    'noSuchName();',
    '```',
    '',
  ].join('\n');
  let checked: CheckedExample[];
  beforeAll(async () => {
    checked = await checkExamples(root, blocksOf('planted.md', text), 'planted-examples', 3000);
  }, 120_000);

  it('has its type errors told by the line of the document', () => {
    expect(checked[0]?.typeErrors).toEqual([expect.stringMatching(/^planted\.md:2: error TS2322: /)]);
    expect(checked[3]?.typeErrors).toEqual([expect.stringMatching(/^planted\.md:13: error TS2305: .*noSuchName/)]);
  });

  it('has its failure told by the line of the document', async () => {
    expect(await checked[1]?.run()).toMatch(/planted\.md:7:/);
  });

  it('does not run for ever', async () => {
    expect(await checked[2]?.run()).toMatch(/did not end within 3000 ms/);
  });
});

describe('a Markdown block', () => {
  it('is found with its line, and marked', () => {
    expect(blocksOf('a.md', 'x\n```ts\nlet a;\n```\n```js\n1\n```\n```ts no-run\nlet b;\n```\n')).toEqual([
      { file: 'a.md', line: 3, code: 'let a;\n', runs: true },
      { file: 'a.md', line: 9, code: 'let b;\n', runs: false },
    ]);
  });

  it.each([
    ['an unknown mark', '```ts norun\n1\n```\n'],
    ['an open fence', '```ts\n1\n'],
  ])('is refused with %s', (_, text) => {
    expect(() => blocksOf('a.md', text)).toThrow(/^a\.md:2: /);
  });
});
