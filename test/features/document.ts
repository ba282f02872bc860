import type { Group } from './group.js';
import { STATISTICS, type Proof } from './proof.js';
import { BACKENDS, type Results } from './results.js';
import { isMissing, rowsOf, type Row } from './rows.js';
import { COUNTED, countsOf, type Counts } from './counts.js';

const code = (name: string): string => `\`${name}\``;
const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const percent = ({ names, interfaces, here }: Counts): string =>
  `${((100 * here) / (names - interfaces)).toFixed(1)} %`;

/** FEATURES.md: what of Keras is here, on which backends its numbers are right, and what they were compared with. */
export function featuresDocument(groups: readonly Group[], results: Results, keras: string): string {
  return `# What of Keras is here

Written by \`npm run features\`; a test fails where it is not what the project does. On the left stand the public names of Keras ${keras}, those of one thing
in one row; \`get\`, \`serialize\` and \`deserialize\` are left out. A tick says that the numbers were compared on this backend when the table was written and
were right: one case of each file on every backend, while the packages' own tests run all of them. "Numbers from" names the files
in the package's \`fixtures/\`, made by the scripts in [tools/reference](tools/reference), and how many cases they have. Random numbers have a statistical test.

## Overview

A base class of Keras is an interface here, which is no building block: the share is that of the other names.

${overview(groups)}

${groups.map((group) => section(group, results)).join('\n\n')}
`;
}

function overview(groups: readonly Group[]): string {
  const counted = groups.map((group) => ({ group, counts: countsOf([group]) }));
  const all = countsOf(groups.filter(({ key }) => COUNTED.includes(key)));
  const cells = (counts: Counts): string[] => [
    ...[counts.names, counts.here, counts.interfaces, counts.absent, counts.missing].map(String),
    percent(counts),
    String(counts.own),
  ];
  return [
    line('', 'Keras', 'here', 'interfaces', 'left out', 'not yet', 'share', 'beyond Keras'),
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...counted.map(({ group, counts }) => line(`[${group.title}](#${anchor(group.title)})`, ...cells(counts))),
    line(`**${COUNTED.join(', ')}**`, ...cells(all).map((cell) => `**${cell}**`)),
  ].join('\n');
}

const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

function section(group: Group, results: Results): string {
  const rows = rowsOf(group);
  const here = rows.filter((row) => row.here.length > 0);
  const gradients = group.proofs.some((proof) => proof.checks.some((check) => check.gradients));
  const table = [
    line('Keras', `\`${group.from}\``, ...BACKENDS, ...(gradients ? ['gradient'] : []), 'numbers from'),
    `|---|---|${':---:|'.repeat(BACKENDS.length + (gradients ? 1 : 0))}---|`,
    ...here.map((row) => rowLine(row, results, gradients)),
  ];
  const others = rows.filter((row) => row.here.length === 0);
  return [`## ${group.title}`, table.join('\n'), ...(others.length === 0 ? [] : [othersTable(others)])].join('\n\n');
}

function rowLine({ names, here, proofs }: Row, results: Results, gradients: boolean): string {
  const of = (proof: Proof): NonNullable<ReturnType<Results['get']>> => results.get(proof)!;
  const ticks = BACKENDS.map((backend) => {
    if (proofs.length === 0) return '–';
    return proofs.every((proof) => of(proof)[backend].forward) ? '✓' : '✗';
  });
  return line(
    names.length === 0 ? '–' : names.map(code).join(', '),
    here.map(code).join(', '),
    ...ticks,
    ...(gradients ? [gradientCell(proofs.map(of))] : []),
    proofs.length === 0 ? 'nothing' : proofs.map(source).join(', '),
  );
}

function gradientCell(proofs: readonly NonNullable<ReturnType<Results['get']>>[]): string {
  const of = (backend: (typeof BACKENDS)[number]): (boolean | undefined)[] =>
    proofs.map((proof) => proof[backend].gradient).filter((gradient) => gradient !== undefined);
  if (BACKENDS.every((backend) => of(backend).length === 0)) return '–';
  const wrong = BACKENDS.filter((backend) => of(backend).includes(false));
  return wrong.length === 0 ? '✓' : `✗ ${wrong.join(', ')}`;
}

const source = ({ from, checks }: Proof): string => (from === STATISTICS ? from : `${code(from)} (${checks.length})`);

function othersTable(rows: readonly Row[]): string {
  const missing = rows.filter(isMissing).flatMap(({ names }) => names.slice(0, 1));
  const instead = rows.filter((row) => !isMissing(row));
  return [
    line('Keras', 'instead'),
    '|---|---|',
    ...instead.map(({ names, type, reason }) =>
      line(names.map(code).join(', '), type === undefined ? reason! : `the interface \`${type}\``),
    ),
    ...(missing.length === 0 ? [] : [line(missing.map(code).join(', '), 'not here yet')]),
  ].join('\n');
}
