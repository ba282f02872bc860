import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** A block marked `ts` of a Markdown file. `line` is the line of its first line of code. */
export interface MarkdownBlock {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** False for blocks marked `ts no-run`: those are type-checked only. */
  readonly runs: boolean;
}

/** The TypeScript blocks of the workspace's documents: the root's Markdown, each package's README, everything under docs/. */
export function documentBlocks(root: string): MarkdownBlock[] {
  const markdown = (directory: string, recursive: boolean): string[] =>
    existsSync(join(root, directory))
      ? readdirSync(join(root, directory), { recursive, encoding: 'utf8' })
          .filter((file) => file.endsWith('.md'))
          .map((file) => join(directory, file))
      : [];
  const readmes = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md'));
  return [
    ...markdown('.', false),
    ...readmes.filter((file) => existsSync(join(root, file))),
    ...markdown('docs', true),
  ].flatMap((file) =>
    blocksOf(relative(root, join(root, file)).split(sep).join('/'), readFileSync(join(root, file), 'utf8')),
  );
}

/** The TypeScript blocks of one Markdown text. Throws where a fence is marked with words that mean nothing. */
export function blocksOf(file: string, text: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let open: { info: string; line: number; code: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^\s*```(.*)$/.exec(line)?.[1]?.trim();
    if (fence === undefined) open?.code.push(line);
    else if (!open) open = { info: fence, line: index + 2, code: [] };
    else {
      const [language = '', ...marks] = open.info.split(/\s+/);
      if (/^(ts|typescript)$/.test(language)) {
        if (marks.some((mark) => mark !== 'no-run'))
          throw new Error(`${file}:${open.line}: expected "ts" or "ts no-run"; received "${open.info}"`);
        blocks.push({ file, line: open.line, code: `${open.code.join('\n')}\n`, runs: marks.length === 0 });
      }
      open = undefined;
    }
  }
  if (open) throw new Error(`${file}:${open.line}: the fence is never closed`);
  return blocks;
}
