import { dependencyProblems } from './dependency-problems.js';
import { manifestProblems } from './manifest-problems.js';
import type { PackageFolder } from './package-folder.js';
import { readmeProblems } from './readme-problems.js';
import { sourceProblems } from './source-problems.js';

/** Everything in which a package differs from the house style, one sentence each. Empty where it conforms. */
export function packageProblems(
  folder: PackageFolder,
  all: readonly PackageFolder[],
  floors: Readonly<Record<string, readonly string[]>>,
): string[] {
  return [
    ...manifestProblems(folder, floors),
    ...dependencyProblems(folder, all),
    ...sourceProblems(folder),
    ...readmeProblems(folder),
  ];
}
