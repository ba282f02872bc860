import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { run } from './run.mjs';

/** The examples of the packages' READMEs, to be run in `directory`, where the packages are installed. */
export function examplesOf(packages, directory) {
  return packages.flatMap(({ folder, directory: source, name }) => {
    const text = readFileSync(join(source, 'README.md'), 'utf8');
    return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code], index) => ({
      title: `${name}: README, example ${index + 1}`,
      run: async () => {
        const path = join(directory, `example-${folder}-${index}.mjs`);
        const compilerOptions = {
          target: ts.ScriptTarget.ES2022,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        };
        writeFileSync(path, ts.transpileModule(code, { compilerOptions }).outputText);
        const { ok, text: output } = await run(directory, process.execPath, [path], { timeout: 60_000 });
        return ok ? [] : [output];
      },
    }));
  });
}
