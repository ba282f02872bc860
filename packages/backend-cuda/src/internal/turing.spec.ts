import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forTuring } from './turing.js';

const matrix = readFileSync(new URL('../../ptx/matrix_f16.ptx', import.meta.url), 'utf8');
const count = (text: string, what: string): number => text.split(what).length - 1;

/** Why nothing can be assembled here, or undefined. */
function noAssembler(): string | undefined {
  try {
    execFileSync('ptxas', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no ptxas here';
  }
}

describe('kernels of float16 for Turing', () => {
  it('make two products of one, with the same registers in the same places, and round numbers one by one', () => {
    const text = [
      '.target sm_80',
      '\tmma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f5,%f6,%f7,%f8}, {%r1,%r2,%r3,%r4}, {%r5,%r6}, {%f5,%f6,%f7,%f8};',
      '\tcvt.rn.f16x2.f32 %r9, %f2, %f1;',
    ].join('\n');
    expect(forTuring(text).split(/\n\t*/)).toEqual([
      '.target sm_75',
      'mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%f5,%f6,%f7,%f8}, {%r1,%r2}, {%r5}, {%f5,%f6,%f7,%f8};',
      'mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%f5,%f6,%f7,%f8}, {%r3,%r4}, {%r6}, {%f5,%f6,%f7,%f8};',
      '{',
      '.reg .b16 low, high;',
      'cvt.rn.f16.f32 low, %f1;',
      'cvt.rn.f16.f32 high, %f2;',
      'mov.b32 %r9, {low, high};',
      '}',
    ]);
  });

  it('leave nothing of Ampere in the kernels that are there', () => {
    const turned = forTuring(matrix);
    expect(count(turned, 'm16n8k8')).toBe(2 * count(matrix, 'm16n8k16'));
    expect(turned).not.toMatch(/m16n8k16|f16x2|sm_80/);
    expect(count(turned, '.entry')).toBe(count(matrix, '.entry'));
  });

  it.skipIf(noAssembler() !== undefined)(`are taken by an assembler for Turing (${noAssembler() ?? 'ptxas'})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'gradstream-turing-'));
    try {
      // One kernel: all of them take half a minute.
      const turned = forTuring(matrix);
      const head = turned.slice(0, turned.indexOf('.visible .entry'));
      const first = turned.slice(head.length).split('.visible .entry')[1]!;
      const path = join(folder, 'kernels.ptx');
      writeFileSync(path, `${head}.visible .entry${first}`);
      const assembled = (): Buffer =>
        execFileSync('ptxas', ['-arch=sm_75', path, '-o', join(folder, 'out')], { stdio: 'ignore' });
      expect(assembled).not.toThrow();
      // As it would be taken for what it is not.
      writeFileSync(path, matrix.replace('.target sm_80', '.target sm_75'));
      expect(assembled).toThrow(/Command failed/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
