import type { HostArray } from '@gradstream/core';
import { stateFrom, stateTensors, type OptimizerState } from '@gradstream/optimizers';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import { toDevice } from '../../internal/host-tensors.js';
import { kept, type TrainingState } from '../../internal/training-state.js';
import type { ModelNumbers } from './run-state.js';

/** Tensors by their names in a checkpoint. */
export type NamedHostArrays = ReadonlyMap<string, HostArray>;

/** Where the tensors of a model are: nothing in front of those of the first. */
export const modelPrefix = (index: number): string => (index === 0 ? '' : `models/${index}/`);

/** The tensors of a model and its optimizer, as they are on the device. */
export function modelTensors(state: TrainingState, prefix: string): [string, Tensor][] {
  return [
    ...state.model.weights.map(({ path, variable }): [string, Tensor] => [`${prefix}weights/${path}`, variable]),
    ...optimizerTensors(state.optimizerState, prefix),
  ];
}

/** The tensors of an optimizer's state. */
export function optimizerTensors(state: OptimizerState, prefix: string): [string, Tensor][] {
  return Object.entries(stateTensors(state)).map(([path, tensor]) => [`${prefix}optimizer/${path}`, tensor]);
}

/** What a model and its optimizer carry beside them. */
export function modelNumbers({ accumulation, counter, clipping }: TrainingState): ModelNumbers {
  return { accumulation, steps: counter.value, clipping };
}

/** Puts weights, optimizer and counter back. */
export function putModel(
  state: TrainingState,
  prefix: string,
  { accumulation, steps, clipping }: ModelNumbers,
  tensors: NamedHostArrays,
): void {
  state.model.setWeights(Object.fromEntries(below(tensors, `${prefix}weights/`)));
  // Asked for first: so it knows which weights it is for.
  void state.optimizerState;
  state.use(state.optimizerFor(accumulation), optimizerFrom(tensors, prefix), accumulation);
  state.counter.set(steps);
  state.setClipping(clipping);
}

/** The optimizer's state of a checkpoint, on the device. */
export function optimizerFrom(tensors: NamedHostArrays, prefix: string): OptimizerState {
  return tidy(() =>
    kept(
      stateFrom(
        Object.fromEntries(
          below(tensors, `${prefix}optimizer/`).map(([path, array]): [string, Tensor] => [path, toDevice(array)]),
        ),
      ),
    ),
  );
}

/** What lies below a name, by the rest of it. */
function below(tensors: NamedHostArrays, prefix: string): [string, HostArray][] {
  return [...tensors]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, array]) => [name.slice(prefix.length), array]);
}
