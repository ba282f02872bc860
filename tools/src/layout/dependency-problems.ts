import ts from 'typescript';
import { importsOf, packageOf } from './imports-of.js';
import { sourceFiles, type PackageFolder } from './package-folder.js';

/** These hold state of which there may be one copy: the user chooses it, so libraries take them as peers. */
const PEERS = /^(rxjs|@tensorflow\/.+)$/;
/** The versions of peers that are not TensorFlow.js'. */
const PEER_VERSIONS: Readonly<Record<string, string>> = { rxjs: '^7.8.2', webgpu: '0.6.2' };
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** What is wrong between the imports of a package's source, its manifest and its project references. `all` are the workspace's packages. */
export function dependencyProblems(folder: PackageFolder, all: readonly PackageFolder[]): string[] {
  const { manifest } = folder;
  const problems: string[] = [];
  const dependencies = manifest.dependencies ?? {};
  const peers = manifest.peerDependencies ?? {};
  const optional = new Set(Object.keys(peers).filter((name) => manifest.peerDependenciesMeta?.[name]?.optional));
  const app = manifest.nx?.tags?.includes('kind:app') ?? false;
  const imported = new Set<string>();

  for (const file of sourceFiles(folder)) {
    for (const { specifier, kind } of importsOf(file, folder.read(file))) {
      const name = packageOf(specifier);
      if (name === undefined) continue;
      imported.add(name);
      if (optional.has(name) && kind !== 'dynamic')
        problems.push(`${file}: "${name}" is an optional peer; only import() may load it`);
    }
  }
  for (const name of imported) {
    if (!(name in dependencies) && !(name in peers))
      problems.push(`package.json: the source imports "${name}", which is not listed`);
  }
  const passedOn = new Set(
    all
      .filter((other) => other.manifest.name in dependencies)
      .flatMap((other) => Object.keys(other.manifest.peerDependencies ?? {})),
  );
  for (const name of [...Object.keys(dependencies), ...Object.keys(peers)]) {
    if (!imported.has(name) && !passedOn.has(name))
      problems.push(`package.json: "${name}" is listed and never imported`);
  }
  for (const [name, range] of Object.entries(dependencies)) {
    if (PEERS.test(name) && !app) problems.push(`package.json dependencies: "${name}" is a peer dependency`);
    if (!EXACT.test(range))
      problems.push(`package.json dependencies: "${name}" is pinned to one version; received "${range}"`);
    const own = all.find((other) => other.manifest.name === name);
    if (own && own.manifest.version !== range)
      problems.push(`package.json dependencies: "${name}" is at ${own.manifest.version}; received "${range}"`);
    if (own?.manifest.private && !manifest.private)
      problems.push(`package.json dependencies: "${name}" is private, users cannot install it`);
  }
  for (const [name, range] of Object.entries(peers)) {
    const own = all.find((other) => other.manifest.name === name);
    if (own !== undefined) {
      if (own.manifest.version !== range)
        problems.push(`package.json peerDependencies: "${name}" is at ${own.manifest.version}; received "${range}"`);
      if (!optional.has(name))
        problems.push(`package.json peerDependencies: "${name}" is ours: a dependency, or an optional peer`);
      continue;
    }
    if (range !== (PEER_VERSIONS[name] ?? '4.22.0'))
      problems.push(`package.json peerDependencies: "${name}" at "${range}" is not the version of the house`);
  }
  for (const field of ['devDependencies', 'optionalDependencies'] as const) {
    if (manifest[field])
      problems.push(`package.json ${field}: development tools belong to the root, optional parts to peerDependencies`);
  }
  const expected = [...Object.keys(dependencies), ...Object.keys(peers)]
    .flatMap((name) => all.filter((other) => other.manifest.name === name))
    .map((other) => `../${other.name}`);
  return [...problems, ...referenceProblems(folder, expected)];
}

function referenceProblems(folder: PackageFolder, expected: readonly string[]): string[] {
  if (!folder.files.includes('tsconfig.json')) return ['tsconfig.json is missing'];
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', folder.read('tsconfig.json')) as {
    config?: { extends?: string; references?: readonly { path: string }[] };
  };
  const problems =
    config?.extends === '../../tsconfig.base.json'
      ? []
      : ['tsconfig.json extends: expected "../../tsconfig.base.json"'];
  const references = (config?.references ?? []).map(({ path }) => path);
  const missing = expected
    .filter((path) => !references.includes(path))
    .map((path) => `tsconfig.json references: ${path} is missing`);
  const extra = references
    .filter((path) => !expected.includes(path))
    .map((path) => `tsconfig.json references: ${path} is not a dependency`);
  return [...problems, ...missing, ...extra];
}
