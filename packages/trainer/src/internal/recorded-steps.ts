import { StepCounter } from '@gradstream/autodiff';
import { isGradstreamError, type RecordedStep, type StepRecorder } from '@gradstream/core';
import { foreignPart } from '@gradstream/layers';
import { eachTensor, stateTensors } from '@gradstream/optimizers';
import { backend, dispose, keep, mul, scalar, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Meters } from './meters.js';
import type { ObjectiveValue } from './objective.js';
import type { Observer } from './observer.js';
import type { TrainingState } from './training-state.js';
import { stepOnDevice } from './training-step.js';
import {
  formOf,
  rewriteBatch,
  uploadBatch,
  freeBatch,
  tensorsOfBatch,
  type ReadyBatch,
  type UploadedBatch,
} from './uploaded-batch.js';

/** Shapes of batches that have a recording: those of whole batches, and of the last one of an epoch. */
const MOST_FORMS = 4;
/** So many steps are done as usual at most before the next try, each time twice as many as before. */
const MOST_PATIENCE = 1024;
/** A recording that was done again so often was worth it. */
const WORTH = 8;

/** A recorded step, with the tensors that it reads and those that it gives. */
interface Recorded {
  readonly step: RecordedStep<Tensor>;
  readonly batch: UploadedBatch;
  readonly counter: StepCounter;
  readonly value: ObjectiveValue;
  replays: number;
}

/** What a recording holds for: with another one of these a step is other work. */
interface Setting {
  readonly optimizer: unknown;
  readonly clipping: unknown;
  readonly trained: unknown;
  readonly meters: Meters;
}

/** A counter that notices when its number is asked for on the host. */
class DeviceCounter extends StepCounter {
  wasAsked = false;

  override get value(): number {
    this.wasAsked = true;
    return super.value;
  }

  override set value(value: number) {
    super.value = value;
  }
}

/**
 * Training steps that are recorded once for each shape of batches and done again as a whole, where the backend can do that: same bits, without the time that making
 * tensors and deriving gradients take. Steps that somebody looks into, and those of models with parts of one's own, are done as usual.
 */
export class RecordedSteps {
  readonly #state: TrainingState;
  readonly #observer: Observer;
  readonly #recorded = new Map<string, Recorded>();
  readonly #seen = new Map<string, number>();
  #setting: Setting | undefined;
  #patience = 0;
  readonly #isOff: boolean;
  /** The tensors that steps change, for as long as these are the same objects. */
  #tensors: readonly Tensor[] = [];
  #tensorsOf: readonly unknown[] = [];
  #one: Scalar | undefined;

  constructor(state: TrainingState, observer: Observer) {
    this.#state = state;
    this.#observer = observer;
    this.#isOff = !mayRecord(state);
  }

  /** Does a step if it can, not the first one, which makes what is made once; false where it is to be done as usual. Gives the losses to the meters. */
  take(ready: ReadyBatch, meters: Meters): boolean {
    if (this.#isOff || !this.#observer.rests) return false;
    this.#keepTo(meters);
    const form = formOf(ready);
    const recorded = this.#recorded.get(form);
    if (recorded !== undefined) return this.#again(form, recorded, ready, meters);
    const seen = this.#seen.get(form) ?? 0;
    this.#seen.set(form, seen + 1);
    if (seen < this.#patience || this.#recorded.size >= MOST_FORMS) return false;
    return this.#record(form, ready, meters);
  }

  dispose(): void {
    this.#forget();
    this.#one?.dispose();
    this.#one = undefined;
  }

  /** Drops the recordings when what they were made for is no more. */
  #keepTo(meters: Meters): void {
    const { optimizer, clipping, trained } = this.#state;
    const old = this.#setting;
    if (old?.optimizer === optimizer && old.clipping === clipping && old.trained === trained && old.meters === meters)
      return;
    this.#forget();
    this.#setting = { optimizer, clipping, trained, meters };
  }

  #forget(): void {
    for (const form of [...this.#recorded.keys()]) this.#drop(form);
    this.#seen.clear();
    this.#tensorsOf = [];
  }

  #drop(form: string): void {
    const { step, batch, counter, value } = this.#recorded.get(form)!;
    this.#recorded.delete(form);
    step.dispose();
    free(batch, counter, value);
  }

  #again(form: string, recorded: Recorded, ready: ReadyBatch, meters: Meters): boolean {
    const state = this.#state;
    const { step, batch, counter, value } = recorded;
    if (!step.settle(this.#tensorsNow(meters))) {
      this.#drop(form);
      this.#wait(form, recorded.replays >= WORTH);
      return false;
    }
    rewriteBatch(state, batch, ready, step.write);
    step.write(counter.tensor, [state.counter.value]);
    if (!step.replay()) return false;
    recorded.replays++;
    state.counter.advance();
    meters.addLosses(this.#copies(value), ready.size);
    return true;
  }

  /** Does a step and records it; false where there is no memory for that, and the step is to be done as usual. */
  #record(form: string, ready: ReadyBatch, meters: Meters): boolean {
    const state = this.#state;
    const batch = uploadBatch(state, ready);
    const counter = new DeviceCounter(state.counter.value);
    void counter.tensor;
    counter.wasAsked = false;
    const old = state.optimizerState;
    const before = Object.keys(stateTensors(state.optimizerState)).join('\n');
    let value: ObjectiveValue | undefined;
    const work = (): void => {
      // Begun anew, where it could not be recorded.
      if (value !== undefined) dispose([value.total, ...value.parts]);
      const result = stepOnDevice(state, counter, batch, this.#observer, meters.wantsParts);
      ({ value } = result);
      meters.addMetrics({ ...batch, outputs: result.outputs, masks: [] });
      dispose([...result.outputs]);
    };
    let step: ReturnType<StepRecorder<Tensor>['recordStep']>;
    try {
      step = recorder()!.recordStep(work, () => this.#tensorsNow(meters), [...tensorsOfBatch(batch), counter.tensor]);
    } catch (error) {
      free(batch, counter, value);
      // A recording takes its memory in pieces of its own. Nothing was changed before the optimizer was asked.
      if (!(isGradstreamError(error) && error.code === 'GS_BACKEND_MEMORY') || state.optimizerState !== old)
        throw error;
      this.#patience = MOST_PATIENCE;
      this.#wait(form, false);
      return false;
    }
    const after = Object.keys(stateTensors(state.optimizerState)).join('\n');
    state.counter.advance();
    meters.addLosses(this.#copies(value!), ready.size);
    const isSame = before === after && !counter.wasAsked;
    if (!('reason' in step) && isSame) {
      this.#recorded.set(form, { step, batch, counter, value: value!, replays: 0 });
      return true;
    }
    if (!('reason' in step)) step.dispose();
    free(batch, counter, value);
    this.#wait(form, false);
    return true;
  }

  /** Lets some steps pass before the next try. */
  #wait(form: string, wasWorth: boolean): void {
    this.#patience = wasWorth ? 0 : Math.min(2 * this.#patience + 1, MOST_PATIENCE);
    this.#seen.set(form, 0);
  }

  /** What a step changes, in an order: weights, the optimizer's state, the metrics'. */
  #tensorsNow(meters: Meters): readonly Tensor[] {
    const { model, optimizerState } = this.#state;
    const of = [model.tensors, optimizerState, meters.states];
    if (of.every((one, index) => one === this.#tensorsOf[index])) return this.#tensors;
    const tensors: Tensor[] = Object.values(model.tensors);
    eachTensor(optimizerState, (tensor) => void tensors.push(tensor));
    this.#tensors = [...tensors, ...meters.states.flat()];
    this.#tensorsOf = of;
    return this.#tensors;
  }

  /** The losses of this step alone: the next one writes over its own. */
  #copies({ total, parts }: ObjectiveValue): ObjectiveValue {
    this.#one ??= keep(scalar(1));
    const copy = (x: Scalar): Scalar => keep(mul(x, this.#one!) as Scalar);
    return { total: copy(total), parts: parts.map(copy) };
  }
}

/** Frees what a recording reads and gives. */
function free(batch: UploadedBatch, counter: StepCounter, value: ObjectiveValue | undefined): void {
  freeBatch(batch);
  counter.dispose();
  if (value !== undefined) dispose([value.total, ...value.parts]);
}

/** The active backend, where it can record. */
function recorder(): StepRecorder<Tensor> | undefined {
  const active = backend() as Partial<StepRecorder<Tensor>>;
  return typeof active.recordStep === 'function' ? (active as StepRecorder<Tensor>) : undefined;
}

/** Whether steps are to be recorded: by default those of models, losses, metrics and optimizers that are the library's alone. */
function mayRecord({ model, goals, given, runEagerly }: TrainingState): boolean {
  if (runEagerly === true || recorder() === undefined) return false;
  const isOwn = (part: unknown): boolean =>
    typeof part === 'string' || (part as { readonly config?: unknown }).config !== undefined;
  return (
    runEagerly === false ||
    (foreignPart(model) === undefined &&
      isOwn(given) &&
      goals.every(
        ({ loss, metrics, weightedMetrics = [] }) =>
          (loss === undefined || isOwn(loss)) && [...metrics, ...weightedMetrics].every(isOwn),
      ))
  );
}
