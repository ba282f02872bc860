import { sizeOf } from './kernel-case.js';

type Five = readonly [number, number, number, number, number];
type Three = readonly [number, number, number];

/** Where windows of some size lie on a volume: [batch, depth, height, width, channels]. Two dimensions are a depth of 1. */
export interface WindowSetup {
  readonly x: Five;
  readonly size: Three;
  readonly strides: Three;
  readonly dilations: Three;
  readonly pad: 'same' | 'valid';
}

/** The windows of a setup: their number along batch, depth, height and width, and which cells each of them sees. */
export interface Windows {
  readonly out: readonly [number, number, number, number];
  /** For each window the pairs of a cell of the volume and a place in the window; channels are not counted. */
  readonly seen: readonly (readonly (readonly [cell: number, tap: number])[])[];
}

const known = new WeakMap<WindowSetup, Windows>();

/** The windows as TensorFlow counts them: `same` pads so that ceil(size / stride) fit, the larger part behind. */
export function windowsOf(setup: WindowSetup): Windows {
  let windows = known.get(setup);
  if (windows === undefined) known.set(setup, (windows = counted(setup)));
  return windows;
}

function counted({ x, size, strides, dilations, pad }: WindowSetup): Windows {
  const inner = x.slice(1, 4);
  const reach = size.map((taps, axis) => (taps - 1) * dilations[axis]! + 1);
  const counts = inner.map((cells, axis) =>
    pad === 'same'
      ? Math.ceil(cells / strides[axis]!)
      : Math.max(0, Math.ceil((cells - reach[axis]! + 1) / strides[axis]!)),
  );
  const before = inner.map((cells, axis) =>
    pad === 'same' ? Math.floor(Math.max(0, (counts[axis]! - 1) * strides[axis]! + reach[axis]! - cells) / 2) : 0,
  );
  const out = [x[0], ...counts] as [number, number, number, number];
  const places = (index: number, [, height, width]: readonly number[]): number[] => [
    Math.floor(index / (height! * width!)),
    Math.floor(index / width!) % height!,
    index % width!,
  ];
  const seen = Array.from({ length: sizeOf(out) }, (_, window) => {
    const batch = Math.floor(window / sizeOf(counts));
    const at = places(window % sizeOf(counts), counts);
    return Array.from({ length: sizeOf(size) }, (__, tap) => {
      const [z, row, column] = places(tap, size).map(
        (place, axis) => at[axis]! * strides[axis]! - before[axis]! + place * dilations[axis]!,
      ) as [number, number, number];
      const inside = [z, row, column].every((place, axis) => place >= 0 && place < inner[axis]!);
      return [inside ? ((batch * x[1] + z) * x[2] + row) * x[3] + column : -1, tap] as const;
    }).filter(([cell]) => cell >= 0);
  });
  return { out, seen };
}

/** A shape, or a list of one number for each dimension, without its depth where the kernel has two dimensions. */
export const flatten = (list: readonly number[], at: number, flat: boolean): number[] =>
  flat ? list.filter((_, axis) => axis !== at) : [...list];
