import { posix } from 'node:path';
import ts from 'typescript';
import type { PackageFolder } from './package-folder.js';

const LONGEST = 60;

/** What is wrong with a package's README: title, length, how to install, an example that imports the package by name, its exports. */
export function readmeProblems(folder: PackageFolder): string[] {
  const { manifest, files } = folder;
  if (!files.includes('README.md')) return ['README.md is missing'];
  const text = folder.read('README.md');
  const lines = text.trimEnd().split('\n');
  const problems: string[] = [];
  if (lines[0] !== `# ${manifest.name}`)
    problems.push(`README.md: expected the title "# ${manifest.name}"; received "${lines[0] ?? ''}"`);
  if (lines.length > LONGEST) problems.push(`README.md: at most ${LONGEST} lines; received ${lines.length}`);
  if (!manifest.private && !text.includes(`npm install ${manifest.name}`))
    problems.push(`README.md: say how to install ("npm install ${manifest.name}")`);
  const examples = [...text.matchAll(/^```ts[^\n]*\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  if (!examples.some((example) => new RegExp(`from '${manifest.name}(/[^']+)?'`).test(example))) {
    problems.push(`README.md: a \`\`\`ts example imports from '${manifest.name}'`);
  }
  if (manifest.nx?.tags?.includes('kind:app')) return problems;
  const missing = publicNames(folder).filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  if (missing.length > 0) problems.push(`README.md: the table of exports lacks ${missing.join(', ')}`);
  return problems;
}

/** The names of functions and values that the indexes export: types may stand in the text of their function. */
function publicNames({ manifest, files, read }: PackageFolder): string[] {
  const indexes = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'string' ? [] : [target['@gradstream/source'] ?? ''],
  );
  const names = indexes
    .map((path) => posix.normalize(path))
    .filter((path) => posix.basename(path) === 'index.ts' && files.includes(path))
    .flatMap((path) => [...ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2022).statements])
    .flatMap((statement) => {
      if (!ts.isExportDeclaration(statement) || statement.isTypeOnly || !statement.exportClause) return [];
      if (!ts.isNamedExports(statement.exportClause)) return [statement.exportClause.name.text];
      return statement.exportClause.elements
        .filter((element) => !element.isTypeOnly)
        .map((element) => element.name.text);
    });
  return [...new Set(names)];
}
