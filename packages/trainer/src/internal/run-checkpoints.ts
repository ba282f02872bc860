import { isGradstreamError, type Json, type TrainBegin } from '@gradstream/core';
import { getBackend, version_core } from '@tensorflow/tfjs-core';
import { checkLabel } from '../checkpoint/checkpoint-name.js';
import { restoreCallbacks } from '../checkpoint/internal/callback-states.js';
import { dropCheckpoints } from '../checkpoint/internal/drop-checkpoints.js';
import { findCheckpoint, type FoundCheckpoint } from '../checkpoint/internal/find-checkpoint.js';
import { saveCheckpoint, type CheckpointContent } from '../checkpoint/internal/save-checkpoint.js';
import { putRun, takeRun, type RunParts } from '../checkpoint/internal/run-snapshot.js';
import { trainingDefinition } from '../checkpoint/internal/training-definition.js';
import type { CheckpointPlan } from './checkpoint-plan.js';
import type { Fact } from './fact-desk.js';
import { now } from './pace.js';
import { resumptionFacts } from './resumption-facts.js';
import type { TrainingPlan } from './training-plan.js';
import { VERSION } from './version.js';

/** How far a run was when something was done. */
interface Moment {
  readonly steps: number;
  readonly epoch: number;
  readonly time: number;
}

/**
 * When checkpoints are written: between two steps, at the place where a run was stopped, after its last step or epoch, and when it is over, where only what callbacks
 * ask for in the end is left.
 */
export type SettleTime = 'between' | 'stopped' | 'last' | 'over';

/** The checkpoints of a run; undefined where there is no place for them. */
export function runCheckpoints(where: string, plan: TrainingPlan, parts: RunParts): RunCheckpoints | undefined {
  if (plan.checkpoints === undefined) return undefined;
  return new RunCheckpoints(where, plan.checkpoints, parts, () => trainingDefinition(where, parts.state, plan));
}

/** The checkpoints of a run: finds the one to go on from, and writes those that are due or asked for, between two steps. */
export class RunCheckpoints {
  #asked: string[] = [];
  /** Labels that are to go, as soon as enough others are there. */
  #unwanted: ReadonlySet<string> = new Set();
  /** Whether they wait for another checkpoint to come. */
  #waits = true;
  #last: Moment;
  /** What is trained with what. */
  #definition: Json = null;
  #found: FoundCheckpoint | null = null;
  /** Where a run was when it was stopped: what is stated afterwards is the end of an epoch that has not ended, which nobody can go on from. */
  #stopped: CheckpointContent | undefined;
  /** Callbacks whose state nobody took. */
  #forgotten: readonly string[] = [];

  constructor(
    readonly where: string,
    readonly plan: CheckpointPlan,
    readonly parts: RunParts,
    readonly describe: () => Json,
  ) {
    this.#last = this.#now();
  }

  /** Makes the store ready. Where there is a checkpoint to go on from, it gives the callbacks back their state, puts the run there, and says where that is. */
  async open(): Promise<TrainBegin['resumed']> {
    const { store, saveEvery, resumeFrom } = this.plan;
    const { state, callbacks, position } = this.parts;
    if (saveEvery !== undefined) await store.open();
    this.#definition = this.describe();
    if (resumeFrom === undefined) return undefined;
    this.#found = await findCheckpoint(this.where, store, resumeFrom, state, this.#definition);
    if (this.#found === null) return undefined;
    this.#forgotten = restoreCallbacks(callbacks, this.#found.manifest.run.callbacks);
    this.#put();
    return { checkpoint: this.#found.name, epoch: position.epoch, step: position.step };
  }

  /** Starts counting, after `trainBegin` was answered. Gives what is to be said about the checkpoint. */
  begin(): readonly Fact[] {
    const found = this.#found;
    // Once more: what callbacks ask for when training begins is in the checkpoint, as far as it still held then.
    this.#put();
    this.#found = null;
    this.#last = this.#now();
    return found === null ? [] : resumptionFacts(found, this.#forgotten);
  }

  /** A callback's wish. It is granted at the next `settle`. Throws `GS_CHECKPOINT_NAME` for a name that cannot be. */
  ask(label: string): void {
    this.#asked.push(checkLabel(this.where, label));
    this.#unwanted = new Set([...this.#unwanted].filter((unwanted) => unwanted !== label));
  }

  /** Whoever asked for a checkpoint does not want it any more. It goes at the next `settle` at which two others are there. Throws as `ask`. */
  drop(label: string): void {
    this.#unwanted = new Set([...this.#unwanted, checkLabel(this.where, label)]);
    this.#waits = false;
    this.#asked = this.#asked.filter((asked) => asked !== label);
  }

  /** Writes what is due and what was asked for. To be called between two steps alone. Gives the facts of it. */
  async settle(when: SettleTime): Promise<readonly Fact[]> {
    // Where it cannot be taken, whoever saves hears of it.
    if (when === 'stopped') this.#stopped ??= await this.#content().catch(() => undefined);
    const labels = [...(this.#isDue(when) ? ['checkpoint'] : []), ...this.#asked.splice(0)];
    const facts: Fact[] = [];
    for (const label of new Set(labels)) facts.push(await this.#save(label));
    // Where one could not be written, those that are there are dear.
    const allCame = facts.every(({ type }) => type === 'checkpointSaved');
    if (!allCame) this.#waits = true;
    else if (this.#unwanted.size > 0 && (facts.length > 0 || !this.#waits)) facts.push(...(await this.#drop()));
    return facts;
  }

  async #drop(): Promise<readonly Fact[]> {
    const { store } = this.plan;
    this.#waits = true;
    try {
      this.#unwanted = await dropCheckpoints(store, this.#unwanted);
      return [];
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const { globalStep } = this.#place;
      return [
        {
          type: 'diagnosis',
          name: 'checkpointNotRemoved',
          severity: 'warning',
          message: `A checkpoint that is not wanted any more could not be removed after step ${globalStep}: ${message}`,
          evidence: this.#place,
          remedy: 'Look at the error; training goes on, and it is tried again after the next checkpoint.',
        },
      ];
    }
  }

  get #place(): { readonly epoch: number; readonly globalStep: number } {
    const { state, position } = this.parts;
    return { epoch: position.epoch, globalStep: state.counter.value };
  }

  #put(): void {
    if (this.#found !== null) putRun(this.parts, this.#found.manifest.run, this.#found.tensors);
  }

  #isDue(when: SettleTime): boolean {
    const { saveEvery } = this.plan;
    if (saveEvery === undefined || when === 'over') return false;
    const [now_, last] = [this.#now(), this.#last];
    if (now_.steps === last.steps && (now_.epoch === last.epoch || this.#stopped !== undefined)) return false;
    const { steps = Infinity, seconds = Infinity, epochs = Infinity } = saveEvery;
    return (
      when !== 'between' ||
      now_.steps - last.steps >= steps ||
      now_.time - last.time >= seconds * 1000 ||
      now_.epoch - last.epoch >= epochs
    );
  }

  async #save(label: string): Promise<Fact> {
    const { store, keep } = this.plan;
    const place = this.#place;
    // Whether it succeeds or not: a disk that is full is not asked again at each step.
    if (label === 'checkpoint') this.#last = this.#now();
    try {
      const { name } = await saveCheckpoint(store, label, this.#stopped ?? (await this.#content()), keep);
      return { type: 'checkpointSaved', ...place, location: `${store.location}/${name}` };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return {
        type: 'diagnosis',
        name: 'checkpointFailed',
        severity: 'error',
        message: `No checkpoint could be written after step ${place.globalStep}: ${message}`,
        evidence: place,
        remedy: isGradstreamError(error) ? error.next : 'Look at the error; training goes on without this checkpoint.',
      };
    }
  }

  async #content(): Promise<CheckpointContent> {
    return {
      time: now(),
      software: { gradstream: VERSION, 'tfjs-core': version_core },
      backend: getBackend(),
      definition: this.#definition,
      ...(await takeRun(this.parts)),
    };
  }

  #now(): Moment {
    const { stepsDone, epoch } = this.parts.position;
    return { steps: stepsDone, epoch, time: performance.now() };
  }
}
