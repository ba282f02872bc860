import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What publint says about a tarball; its suggestions count too. */
export async function publintProblems({ tarball, manifest }) {
  const bytes = readFileSync(tarball);
  const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages } = await publint({ pack: { tarball: data }, level: 'suggestion', strict: true });
  return messages.map((message) => `publint ${message.type}: ${formatMessage(message, manifest)}`);
}

/** What attw says about a tarball whose users import modules only (its profile `esm-only`). */
export async function attwProblems({ tarball }) {
  const { problems = [], types } = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (!types) return ['attw: there are no types'];
  return problems
    .filter(
      ({ kind, resolutionKind }) => kind !== 'CJSResolvesToESM' && !['node10', 'node16-cjs'].includes(resolutionKind),
    )
    .map((problem) => `attw: ${JSON.stringify(problem)}`);
}
