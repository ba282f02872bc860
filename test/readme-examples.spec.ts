import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkExamples, type CheckedExample } from './check-examples.js';
import { blocksOf, documentBlocks } from './markdown-blocks.js';
import { runInOrder } from './run-examples.js';

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

  // `readme-examples.long.spec.ts` gives each a process of its own.
  describe('in order', () => {
    let failures: readonly (string | undefined)[];
    beforeAll(async () => {
      failures = await runInOrder(
        root,
        runnable.map(([, index]) => checked[index]!),
      );
    }, 300_000);

    it.each(runnable.map(([place], order) => [place, order] as const))('%s runs', (_, order) => {
      expect(failures[order]).toBeUndefined();
    });
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
    '```ts',
    "console.log('all is well');",
    '```',
    '```ts',
    'await new Promise(() => {});',
    '```',
    '',
  ].join('\n');
  let checked: CheckedExample[];
  beforeAll(async () => {
    checked = await checkExamples(root, blocksOf('planted.md', text), 'planted-examples');
  }, 120_000);

  it('has its type errors told by the line of the document', () => {
    expect(checked[0]?.typeErrors).toEqual([expect.stringMatching(/^planted\.md:2: error TS2322: /)]);
    expect(checked[3]?.typeErrors).toEqual([expect.stringMatching(/^planted\.md:13: error TS2305: .*noSuchName/)]);
  });

  it.concurrent('has its failure told by the line of the document', async () => {
    expect(await checked[1]?.run()).toMatch(/planted\.md:7:/);
  });

  it.concurrent('does not run for ever', async () => {
    expect(await checked[2]?.run(3000)).toMatch(/did not end within 3000 ms/);
  });

  it.concurrent('is told of when it runs among others, which run', async () => {
    const [, throws, endless, , sound, waits] = checked;
    const all = [sound!, throws!, sound!, waits!, endless!, sound!];
    expect(await runInOrder(root, all, (one) => (one === endless ? 3000 : 60_000))).toEqual([
      undefined,
      expect.stringMatching(/planted\.md:7:/),
      undefined,
      expect.any(String),
      expect.stringMatching(/did not end within 3000 ms/),
      undefined,
    ]);
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
