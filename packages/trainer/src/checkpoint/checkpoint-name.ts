import { checkpointError } from './checkpoint-error.js';
import { describeValue } from '@gradstream/core';

/** The parts of a checkpoint's name, `label-000012`. */
export interface CheckpointName {
  readonly name: string;
  readonly label: string;
  readonly number: number;
}

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9._=-]{0,98}[A-Za-z0-9])?$/;
const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._=-]{0,98}[A-Za-z0-9])?)-(\d{6,12})$/;

/** The parts of a name, or null where it is none. */
export function parseCheckpointName(name: string): CheckpointName | null {
  const [, label, digits] = NAME.exec(name) ?? [];
  return label === undefined ? null : { name, label, number: Number(digits) };
}

/** The names among these that are those of checkpoints, oldest first. */
export function checkpointNames(names: Iterable<string>): CheckpointName[] {
  return [...names]
    .map(parseCheckpointName)
    .filter((found) => found !== null)
    .sort((a, b) => a.number - b.number);
}

/** The name of the next checkpoint beside those that are there. */
export function nextName(label: string, names: Iterable<string>): string {
  const number = (checkpointNames(names).at(-1)?.number ?? 0) + 1;
  return `${label}-${String(number).padStart(6, '0')}`;
}

/** Returns a label, or throws `GS_CHECKPOINT_NAME`: letters, digits and `._=-`, 100 characters at most, no path. */
export function checkLabel(where: string, label: unknown): string {
  if (typeof label === 'string' && LABEL.test(label)) return label;
  throw badName(where, 'A checkpoint cannot have this name', 'letters, digits and ._=- between them', label);
}

/** Returns a name, or throws `GS_CHECKPOINT_NAME`. */
export function checkName(where: string, name: unknown): string {
  if (typeof name === 'string' && parseCheckpointName(name) !== null) return name;
  throw badName(
    where,
    'This is no name of a checkpoint',
    'a name as list() gives it, for example "checkpoint-000012"',
    name,
  );
}

function badName(where: string, what: string, expected: string, received: unknown): Error {
  return checkpointError('GS_CHECKPOINT_NAME', {
    where,
    what,
    expected,
    received: describeValue(received),
    next: 'Use a plain name: it becomes that of a folder.',
  });
}
