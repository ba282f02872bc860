import { keep, type Tensor } from '@tensorflow/tfjs-core';
import { toDevice } from '../../internal/host-tensors.js';
import type { Observer } from '../../internal/observer.js';
import type { UnitRange } from '../../internal/unit-window.js';
import type { NamedHostArrays } from './model-snapshot.js';
import type { WindowNumbers } from './run-state.js';

/** The name of a tensor of a window in a checkpoint. */
export const windowTensor = (window: number, side: keyof UnitRange, path: number): string =>
  `windows/${window}/${side}/${path}`;

/** Windows in their middle: those that have just ended begin anew anyway. */
const begun = ({ windows }: Observer) => [...windows].filter(([, window]) => window.begun.steps > 0);

/** What a checkpoint says of the windows over which units are watched. */
export const windowNumbers = (observer: Observer): WindowNumbers[] =>
  begun(observer).map(
    ([
      kind,
      {
        size,
        begun: { steps, ranges },
      },
    ]) => ({ kind, size, steps, paths: [...ranges.keys()] }),
  );

/** Their tensors. */
export const windowTensors = (observer: Observer): [string, Tensor][] =>
  begun(observer).flatMap(([, window], index) =>
    [...window.begun.ranges.values()].flatMap(({ low, high }, path): [string, Tensor][] => [
      [windowTensor(index, 'low', path), low],
      [windowTensor(index, 'high', path), high],
    ]),
  );

/** Puts windows where they were, where the same are asked for. */
export function putWindows(observer: Observer, windows: readonly WindowNumbers[], tensors: NamedHostArrays): void {
  for (const [index, { kind, size, steps, paths }] of windows.entries()) {
    const window = observer.windows.get(kind);
    if (window?.size !== size) continue;
    const tensor = (side: keyof UnitRange, path: number): Tensor =>
      keep(toDevice(tensors.get(windowTensor(index, side, path))!));
    window.goOn(steps, new Map(paths.map((path, at) => [path, { low: tensor('low', at), high: tensor('high', at) }])));
  }
}
