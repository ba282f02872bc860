import { posix } from 'node:path';
import ts from 'typescript';
import { sourceFiles, type PackageFolder } from './package-folder.js';

const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*((\.alone|\.long)?\.spec)?(\.d)?\.ts$/;
const NAMELESS = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types']);
const DISABLE = /(?:oxlint|eslint)-disable(?:-next-line|-line)?([^\n*]*)/g;
const DOORS = /boundaries|no-cycle|nodejs-modules|no-restricted|max-lines|doors\//;
const LARGEST_FIXTURE = 100 * 1024;

/** What is wrong with a package's source files: names, indexes with more than names, names without a sentence, missing specs. */
export function sourceProblems(folder: PackageFolder): string[] {
  const specs = sourceFiles(folder, { specs: true });
  const sources = sourceFiles(folder).filter((file) => !file.includes('/generated/'));
  const problems: string[] = [];
  for (const file of [...sources, ...specs]) {
    const base = posix.basename(file);
    if (!KEBAB.test(base)) problems.push(`${file}: file names are kebab-case`);
    if (NAMELESS.has(base.replace(/((\.alone|\.long)?\.spec)?\.ts$/, '')))
      problems.push(`${file}: a file is named after the one idea it holds`);
    if (opensDoor(folder.read(file))) problems.push(`${file}: the doors of the house cannot be switched off in a file`);
  }
  for (const file of sources) {
    const source = ts.createSourceFile(file, folder.read(file), ts.ScriptTarget.ES2022, true);
    if (posix.basename(file) === 'index.ts') problems.push(...indexProblems(file, source));
    else if (!file.includes('/internal/')) problems.push(...commentProblems(file, source));
  }
  const bare = new Set(
    sources
      .filter(
        (file) =>
          posix.basename(file) !== 'index.ts' &&
          !file.includes('/internal/') &&
          hasRuntimeCode(file, folder.read(file)),
      )
      .map((file) => posix.dirname(file)),
  );
  for (const directory of bare) {
    if (!specs.some((spec) => posix.dirname(spec) === directory))
      problems.push(`${directory}/: code without a spec beside it`);
  }
  for (const file of folder.files) {
    if (file.startsWith('fixtures/') && folder.size(file) > LARGEST_FIXTURE)
      problems.push(`${file}: a fixture is at most ${LARGEST_FIXTURE} bytes`);
  }
  return problems;
}

/** True where a comment switches off a door of the house, or every rule. */
function opensDoor(text: string): boolean {
  return [...text.matchAll(DISABLE)].some(([, rest = '']) => {
    const rules = (rest.split('--')[0] ?? '').trim();
    return rules === '' || DOORS.test(rules);
  });
}

function indexProblems(file: string, source: ts.SourceFile): string[] {
  if (source.statements.length === 0) return [`${file}: an index exports something`];
  return source.statements.flatMap((statement) => {
    const line = source.getLineAndCharacterOfPosition(statement.getStart()).line + 1;
    if (!ts.isExportDeclaration(statement) || !statement.moduleSpecifier)
      return [`${file}:${line}: an index holds re-exports only`];
    const whole = !statement.exportClause && !statement.moduleSpecifier.getText().endsWith(`/index.js'`);
    return whole ? [`${file}:${line}: an index names what it exports; "*" is for the index of a folder`] : [];
  });
}

function commentProblems(file: string, source: ts.SourceFile): string[] {
  const seen = new Set<string>();
  return source.statements.flatMap((statement) => {
    if (
      !ts.canHaveModifiers(statement) ||
      !ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    )
      return [];
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => name.getText())
      : [(statement as ts.DeclarationStatement).name?.getText() ?? 'default'];
    const fresh = names.filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    if (fresh.length === 0 || ts.getJSDocCommentsAndTags(statement).length > 0) return [];
    return [`${file}: ${fresh.join(', ')} has no doc comment`];
  });
}

/** False for a file of interfaces and types alone. */
function hasRuntimeCode(file: string, text: string): boolean {
  return ts
    .createSourceFile(file, text, ts.ScriptTarget.ES2022)
    .statements.some(
      (statement) =>
        !ts.isImportDeclaration(statement) &&
        !ts.isExportDeclaration(statement) &&
        !ts.isInterfaceDeclaration(statement) &&
        !ts.isTypeAliasDeclaration(statement),
    );
}
