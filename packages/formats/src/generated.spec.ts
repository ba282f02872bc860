import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));
// buf's program is in a package of its own for each platform; without one there is nothing to generate with.
const scope = fileURLToPath(new URL('../../../node_modules/@bufbuild', import.meta.url));
const hasBuf =
  existsSync(scope) && readdirSync(scope).some((name) => /^buf-/.test(name)) && existsSync(join(bin, 'protoc-gen-es'));

function filesUnder(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('generated messages', () => {
  it.skipIf(!hasBuf)('are what the .proto files give (skipped where buf has no program for this platform)', () => {
    const out = mkdtempSync(join(tmpdir(), 'gradstream-buf-'));
    try {
      const env = { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
      execFileSync(join(bin, 'buf'), ['generate', '--output', out], { cwd: root, env });
      expect(filesUnder(join(out, 'src/generated'))).toEqual(filesUnder(join(root, 'src/generated')));
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
