/** A call of a wide function: its name and its arguments. */
type WideCall = readonly [name: string, ...values: number[]];

/** What the process that tries wide vectors is told: calls whose results are compared, and one that is timed. */
export interface WideTrial {
  /** Pages of the memory. All of it from `operands` on is numbers at first; below lie constants. */
  readonly pages: number;
  readonly operands: number;
  /** Whole numbers and where they lie. */
  readonly words: readonly { readonly at: number; readonly values: readonly number[] }[];
  readonly calls: readonly WideCall[];
  readonly timed: WideCall;
}

const PAGES = 64;
const OPERANDS = 65_536;
/** Where six rows of A begin, and the offsets of their values. */
const TABLE = 32_768;
const OFFSETS = TABLE + 64;
/** The most terms of a sum. */
const DEPTH = 130;
/** Apart by more than any operand measures. */
const [A, B, D] = [OPERANDS, 2 * 65_536, 3 * 65_536];
const RESULTS = 16 * 65_536;
/** The bytes that results of one call take at most. */
const STEP = 16_384;

/** Calls of each wide function, on sizes around those of a vector. */
export function wideTrial(): WideTrial {
  const calls: WideCall[] = [];
  let to = RESULTS - STEP;
  const result = (): number => (to += STEP);
  for (const rows of [1, 2, 3, 4, 5, 6])
    for (const k of [1, 7, DEPTH]) {
      calls.push(['panelTile', rows, A, 24, B, D, 32, result(), 64, k, k & 1]);
      calls.push(['rowsTile', rows, A, 4 * k, B, D, 32, result(), 64, k, k & 1]);
      calls.push(['denseTile', rows, TABLE, OFFSETS, OFFSETS + 4 * k, B, D, 32, result(), 64, k & 1]);
    }
  for (const units of [3, 8, 21, 128]) {
    const bytes = 4 * units;
    const rows = (count: number): number[] => {
      const first = result();
      return Array.from({ length: count }, (_, index) => first + 2048 * index);
    };
    const [squashed, nextH, nextC] = rows(3) as [number, number, number];
    calls.push(['lstmForward', A, result(), B, squashed, nextH, nextC, bytes]);
    const [dState, dCell] = rows(2) as [number, number];
    calls.push(['lstmBackward', dState, dCell, A, B, D, result(), bytes]);
    calls.push(['gruForward', A, B, result(), result(), D, result(), bytes]);
    calls.push(['gruBackward', result(), A, B, D, result(), result(), bytes]);
  }
  const words = [
    { at: TABLE, values: Array.from({ length: 6 }, (_, row) => A + 1236 * row) },
    { at: OFFSETS, values: Array.from({ length: DEPTH }, (_, k) => 4 * ((k * 7) % DEPTH)) },
  ];
  return {
    pages: PAGES,
    operands: OPERANDS,
    words,
    calls,
    timed: ['panelTile', 4, A, 24, B, D, 32, RESULTS, 64, 256, 0],
  };
}
