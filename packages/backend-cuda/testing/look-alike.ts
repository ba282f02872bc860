import koffi from 'koffi';

/** What every library has that looks like one of NVIDIA's: see emulator/look-alike. */
export interface LookAlike {
  /** Lets a call give a status once, after so many that do not. */
  fail(call: string, after: number, status: number): void;
  mend(): void;
  called(call: string): number;
  /** Functions of its own, by their declarations in C. */
  func<T>(declaration: string): T;
}

/** Loads a library whose functions for tests begin with `prefix`. */
export function loadLookAlike(library: string, prefix: string): LookAlike {
  const functions = koffi.load(library);
  const func = <T>(declaration: string): T => functions.func(declaration) as unknown as T;
  return {
    fail: func(`void ${prefix}_fail(str, int, int)`),
    mend: func(`void ${prefix}_mend()`),
    called: func(`long ${prefix}_called(str)`),
    func,
  };
}
