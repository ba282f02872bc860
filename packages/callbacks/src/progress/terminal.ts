/** Where progress is written: text, and what the place can do. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Whether a line can be drawn over. */
  readonly interactive: boolean;
  /** Columns of a line, asked each time: terminals change their size. */
  readonly columns: () => number;
}

interface Host {
  readonly process?: {
    readonly stdout?: { write?(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
    readonly env?: Readonly<Record<string, string | undefined>>;
  };
  readonly console: { log(text: string): void };
}

/** Columns where nobody tells. */
export const COLUMNS = 80;

/** Standard output where there is a process; the console elsewhere, which adds the line's end itself. */
export function defaultTerminal(host: Host = globalThis as unknown as Host): Terminal {
  const { process, console } = host;
  const output = process?.stdout;
  if (typeof output?.write !== 'function') {
    return { write: (text) => console.log(text.replace(/\n$/, '')), interactive: false, columns: () => COLUMNS };
  }
  return {
    write: (text) => void output.write!(text),
    interactive: output.isTTY === true && process?.env?.['TERM'] !== 'dumb',
    columns: () => output.columns || COLUMNS,
  };
}
