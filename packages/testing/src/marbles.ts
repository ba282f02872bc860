import type { Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

/**
 * Events in and commands out, drawn in time: `-` is a frame without anything, a letter is a named event or command, `(ab)` are two in one
 * frame (the group takes four frames), `|` is the end and `#` an error. `5ms` moves time on.
 */
export interface MarbleScript<Event, Command> {
  /** When events come in, for example `ab-c|`. */
  readonly events: string;
  /** The event that each letter stands for. */
  readonly given: Readonly<Record<string, Event>>;
  /** When commands come out, for example `--x-|`. */
  readonly commands: string;
  /** The command that each letter stands for. */
  readonly expected?: Readonly<Record<string, Command>>;
  /** The code of the error at `#`, or its message where it has no code. */
  readonly error?: string;
}

interface Frame {
  readonly frame: number;
  readonly notification: { readonly kind: string; readonly value?: unknown; readonly error?: unknown };
}

/**
 * Throws unless a function from events to commands gives the drawn commands at the drawn moments. Time is virtual: nothing waits.
 *
 * Commands are compared by value; a promise equals any other promise, an error equals one of the same code.
 */
export function expectMarbles<Event, Command>(
  react: (events$: Observable<Event>) => Observable<Command>,
  { events, given, commands, expected = {}, error }: MarbleScript<Event, Command>,
): void {
  checkLetters(events, given, 'given');
  checkLetters(commands, expected, 'expected');
  const scheduler = new TestScheduler((actual: Frame[], drawn: Frame[]) => {
    const [received, wanted] = [actual.map(describe), drawn.map(describe)];
    if (received.join('\n') === wanted.join('\n')) return;
    throw new Error(`The commands are not as drawn.\nexpected:\n${list(wanted)}\nreceived:\n${list(received)}`);
  });
  scheduler.run(({ hot, expectObservable }) => {
    expectObservable(react(hot(events, { ...given }))).toBe(commands, { ...expected }, error);
  });
}

const list = (lines: readonly string[]): string =>
  lines.length === 0 ? '  nothing' : lines.map((line) => `  ${line}`).join('\n');

function describe({ frame, notification: { kind, value, error } }: Frame): string {
  if (kind === 'C') return `${frame}: end`;
  if (kind === 'N') return `${frame}: ${text(value)}`;
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return `${frame}: error ${String(code ?? message ?? error)}`;
}

/** A value as text with its keys in order, so that equal values have equal texts. */
function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Promise) return 'a promise';
    if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
    if (part === undefined) return 'undefined';
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** rxjs takes a letter without a value for itself, which is never meant here. */
function checkLetters(diagram: string, values: Readonly<Record<string, unknown>>, where: string): void {
  const letters = diagram.replaceAll(/\d+(\.\d+)?(ms|s|m)(?= |$)/g, '').match(/[^-|#() ^!]/g) ?? [];
  const unknown = letters.find((letter) => !Object.hasOwn(values, letter));
  if (unknown !== undefined) throw new Error(`The letter "${unknown}" of "${diagram}" is not in "${where}".`);
}
