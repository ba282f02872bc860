import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { bundleSource, cacheFolder } from './bundle-source.js';
import type { MarkdownBlock } from './markdown-blocks.js';

/** What came of one example. Lines are those of the document. */
export interface CheckedExample {
  readonly typeErrors: readonly string[];
  /** The module that is run, or why there is none. */
  readonly module: { readonly path: string } | { readonly failure: string };
  /** What a process printed, with the names and lines of the document. */
  told(output: string): string;
  /** Runs it in a process of its own: what it printed where it failed, undefined where all went well. `limit` is in milliseconds, default 30,000. */
  run(limit?: number): Promise<string | undefined>;
}

const execute = promisify(execFile);

/**
 * Type-checks examples all at once, and makes each ready to run in its own process. `name` is a folder for them. Errors of the compiler in the packages themselves are left to the type check.
 */
export async function checkExamples(
  root: string,
  blocks: readonly MarkdownBlock[],
  name: string,
): Promise<CheckedExample[]> {
  const cache = cacheFolder(root, name);
  const output = async (args: readonly string[], limit: number): Promise<{ ok: boolean; text: string }> => {
    try {
      const { stdout, stderr } = await execute(process.execPath, args, {
        cwd: cache,
        timeout: limit,
        maxBuffer: 2 ** 26,
      });
      return { ok: true, text: stdout + stderr };
    } catch (error) {
      const {
        stdout = '',
        stderr = '',
        killed,
        message,
      } = error as { stdout?: string; stderr?: string; killed?: boolean; message: string };
      return {
        ok: false,
        text: `${killed ? `It did not end within ${limit} ms.\n` : ''}${stdout}${stderr}` || message,
      };
    }
  };
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const stems = blocks.map((_, index) => `example-${index}`);
  // Blank lines before the code: so the compiler and the stack tell the line in the document.
  for (const [index, { line, code }] of blocks.entries())
    writeFileSync(join(cache, `${stems[index]}.ts`), '\n'.repeat(line - 1) + code);
  const settings = {
    extends: '../../../tsconfig.check.json',
    // What users have who set "strict" and nothing more.
    compilerOptions: { noUncheckedIndexedAccess: false, exactOptionalPropertyTypes: false, noUnusedLocals: false },
    include: [],
    files: stems.map((stem) => `${stem}.ts`),
  };
  writeFileSync(join(cache, 'tsconfig.json'), JSON.stringify(settings));
  const types = (
    await output([join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', cache], 120_000)
  ).text.split('\n');
  const broken = types.filter((line) => /^error TS/.test(line));
  if (broken.length > 0) throw new Error(`The examples cannot be checked:\n${broken.join('\n')}`);
  const out = join(cache, 'out');
  const entries = stems
    .filter((_, index) => blocks[index]?.runs)
    .map((stem) => [stem, join(cache, `${stem}.ts`)] as const);
  const failed = new Map<string, string>();
  try {
    await bundleSource(Object.fromEntries(entries), out);
  } catch {
    // One of them is the reason: the others are judged all the same.
    for (const [stem, path] of entries)
      await bundleSource({ [stem]: path }, out).catch((error: unknown) =>
        failed.set(stem, stripVTControlCharacters(String(error))),
      );
  }

  return blocks.map(({ file }, index) => {
    const stem = stems[index] ?? '';
    const [path, failure] = [join(out, `${stem}.mjs`), failed.get(stem)];
    const told = (text: string): string => text.replaceAll(new RegExp(`\\S*${stem}\\.ts`, 'g'), file);
    return {
      typeErrors: types
        .filter((line) => line.startsWith(`${stem}.ts`))
        .map((line) => line.replace(/^[^(]+\((\d+),\d+\)/, `${file}:$1`)),
      module: failure === undefined ? { path } : { failure },
      told,
      run: async (limit = 30_000) => {
        if (failure !== undefined) return failure;
        const { ok, text } = await output(['--enable-source-maps', path], limit);
        return ok ? undefined : told(text);
      },
    };
  });
}
