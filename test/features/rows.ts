import { readFileSync } from 'node:fs';
import absent from '../../tools/features/absent.json' with { type: 'json' };
import interfaces from '../../tools/features/interfaces.json' with { type: 'json' };
import renamed from '../../tools/features/renamed.json' with { type: 'json' };
import { packageFolders } from '../../tools/src/layout/package-folder.js';
import { blocksOf, type Group } from './group.js';
import type { Proof } from './proof.js';

type Table = Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;

/** A building block of Keras, of this project, or of both. */
export interface Row {
  /** Keras' names: the class, its function, second names. None for one that Keras does not have. */
  readonly names: readonly string[];
  /** The exported names: more than one where the same thing has several. None where there is nothing. */
  readonly here: readonly string[];
  /** The exported interface that stands for a base class. */
  readonly type?: string;
  /** Why there is neither. */
  readonly reason?: string;
  readonly proofs: readonly Proof[];
}

/** Whether a name of Keras is neither here nor left out with a reason. */
export const isMissing = ({ here, type, reason }: Row): boolean =>
  here.length === 0 && type === undefined && reason === undefined;

/** Functions of every namespace of Keras, which are no building blocks. */
const FUNCTIONS = ['get', 'serialize', 'deserialize'];
const words = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** The rows of a group: Keras' names in Keras' order, then what Keras does not have. */
export function rowsOf(group: Group): Row[] {
  const rows = kerasNames(group).map((names) => kerasRow(group, names));
  const known = new Set(rows.flatMap(({ here }) => here));
  const own = blocksOf(group).filter((name) => !known.has(name));
  return [...rows, ...own.map((name) => ({ names: [], here: [name], proofs: proofsFor(group, [name]) }))];
}

/** Entries of the tables of names that no row needs: they are old, or misspelt. */
export function needlessEntries(groups: readonly Group[]): string[] {
  return [absent, interfaces, renamed].flatMap((table: Table) =>
    Object.entries(table).flatMap(([key, entries]) => {
      const group = groups.find((one) => one.key === key);
      if (group === undefined) return [key];
      return Object.keys(entries!).filter((name) => {
        const row = rowsOf(group).find(({ names }) => names.includes(name));
        if (row === undefined) return true;
        return table === renamed ? !row.here.includes(entries![name]!) : row.here.length > 0;
      });
    }),
  );
}

/** Keras' names, those of one thing together: `AveragePooling1D` and `AvgPool1D`, `Hinge` and `hinge`. */
function kerasNames({ key, keras: { exports, aliases = {} } }: Group): string[][] {
  const found = new Map<string, string[]>();
  const rank = (name: string): number => (Object.hasOwn(aliases, name) ? 2 : /^[a-z]/.test(name) ? 1 : 0);
  for (const name of exports.filter((one) => !FUNCTIONS.includes(one))) {
    const own = aliases[name] ?? name;
    const word = words((renamed as Table)[key]?.[own] ?? own);
    found.set(word, [...(found.get(word) ?? []), name]);
  }
  return [...found.values()].map((names) => names.toSorted((a, b) => rank(a) - rank(b)));
}

function kerasRow(group: Group, names: readonly string[]): Row {
  const entry = (table: Table): string | undefined =>
    names.map((name) => table[group.key]?.[name]).find((found) => found !== undefined);
  const wanted = entry(renamed) ?? names[0]!;
  const named = blocksOf(group).find((name) => words(name) === words(wanted));
  if (named !== undefined) {
    const here = blocksOf(group).filter((name) => group.exports[name] === group.exports[named]);
    return { names, here: [named, ...here.filter((name) => name !== named)], proofs: proofsFor(group, here, names) };
  }
  const type = entry(interfaces);
  if (type !== undefined && exportsType(group, type)) return { names, here: [], type, proofs: [] };
  const reason = entry(absent);
  return reason === undefined ? { names, here: [], proofs: [] } : { names, here: [], reason, proofs: [] };
}

const proofsFor = ({ proofs }: Group, here: readonly string[], names: readonly string[] = []): Proof[] =>
  proofs.filter(({ name }) => [...here, ...names].some((one) => words(one) === words(name)));

const folders = packageFolders(new URL('../..', import.meta.url).pathname);

/** Whether the index that a group is imported from exports a type. */
function exportsType({ from }: Group, type: string): boolean {
  const [, name, path = ''] = /^@gradstream\/([^/]+)(\/.+)?$/.exec(from)!;
  const folder = folders.find((one) => one.name === name)!;
  const target = folder.manifest.exports![`.${path}`] as { readonly '@gradstream/source': string };
  const index = readFileSync(`${folder.directory}/${target['@gradstream/source']}`, 'utf8');
  const types = [...index.matchAll(/export type \{([^}]*)\}/g)].flatMap((match) => match[1]!.split(','));
  return [...types, ...[...index.matchAll(/\btype (\w+)/g)].map((match) => match[1]!)].some(
    (one) => one.trim() === type,
  );
}
