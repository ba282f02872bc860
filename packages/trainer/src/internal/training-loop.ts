import { GradstreamError, type Callback, type EndReason, type Logs, type TrainingEvent } from '@gradstream/core';
import type { CheckpointSink } from '../checkpoint-sink.js';
import type { History } from '../history.js';
import { dispose } from '@tensorflow/tfjs-core';
import { BatchCursor, type BatchSource } from './batch-source.js';
import { checkInputs, checkTargets } from './batch-tensors.js';
import { carryOut, readLearningRate, type Desk } from './command-desk.js';
import { anyBatch, evaluation } from './evaluation.js';
import { Inbox, type Failure, type Letter } from './inbox.js';
import { logNames, Meters } from './meters.js';
import { modelFacts } from './model-facts.js';
import { noBatches } from './no-batches.js';
import { Observer } from './observer.js';
import { targetShape } from './output-goal.js';
import { now, Pace } from './pace.js';
import { trainingStep } from './training-step.js';
import type { TrainingState } from './training-state.js';
import { uploadBatch } from './uploaded-batch.js';
import { resources, Watch } from './watch.js';
import { WeightSlots } from './weight-slots.js';

/** A checked plan of training. */
export interface TrainingPlan {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly stepsPerEpoch: number | undefined;
  /** What an epoch will have, where it is known. */
  readonly stepsOfEpoch: number | null;
  readonly validationData: BatchSource | undefined;
  readonly validationSteps: number | undefined;
  readonly logEvery: number | 'auto';
  readonly checkpointSink: CheckpointSink | undefined;
}

type Fact = TrainingEvent extends infer E ? (E extends TrainingEvent ? Omit<E, 'time'> : never) : never;

const WHERE = 'trainer/fit';

/** Training as facts and commands: states what happened, then carries out what callbacks asked for, before the next step. */
export class TrainingLoop {
  readonly #inbox: Inbox;
  readonly #observer = new Observer();
  readonly #watch = new Watch();
  readonly #slots: WeightSlots;
  readonly #desk: Desk;
  readonly #cursor: BatchCursor;
  readonly #pace: Pace;
  readonly #history = { epoch: [] as number[], history: {} as Record<string, number[]> };
  #meters: Meters | undefined;
  #stop: { readonly reason: EndReason; readonly message: string } | undefined;
  #epoch: number;
  #logs: Logs = {};

  constructor(
    readonly state: TrainingState,
    data: BatchSource,
    readonly plan: TrainingPlan,
    callbacks: readonly Callback[],
    readonly emitFact: (event: TrainingEvent) => void,
    readonly signal: AbortSignal,
  ) {
    this.#epoch = plan.initialEpoch;
    this.#slots = new WeightSlots(state);
    this.#desk = {
      state,
      slots: this.#slots,
      observer: this.#observer,
      watch: this.#watch,
      data,
      stepsOfEpoch: plan.stepsOfEpoch,
    };
    this.#cursor = new BatchCursor(data, plan.initialEpoch);
    this.#pace = new Pace(plan.logEvery);
    this.#inbox = new Inbox(callbacks);
  }

  async run(): Promise<History> {
    try {
      await this.#begin();
      while (this.#epoch < this.plan.epochs && !this.#ending()) await this.#runEpoch();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#stop = { reason: 'failed', message };
      await this.#end().catch(() => undefined);
      throw error;
    }
    await this.#end();
    const { reason, message } = this.#outcome();
    return { ...this.#history, reason, message };
  }

  async dispose(): Promise<void> {
    this.#inbox.dispose();
    this.#observer.dispose();
    this.#slots.dispose();
    this.#meters?.dispose();
    await this.#cursor.close();
  }

  async #begin(): Promise<void> {
    const { model, goals, optimizer } = this.state;
    const { epochs, initialEpoch, stepsOfEpoch, validationData } = this.plan;
    const names = logNames(WHERE, goals, goals.map(targetShape));
    const metricNames = validationData === undefined ? names : [...names, ...names.map((name) => `val_${name}`)];
    const about = modelFacts(model, goals);
    this.#observer.meet(about, optimizer.lossScale !== undefined);
    await this.#state({
      type: 'trainBegin',
      epochs,
      initialEpoch,
      stepsPerEpoch: stepsOfEpoch,
      metricNames,
      model: about,
      globalStep: this.state.counter.value,
      learningRate: await readLearningRate(this.state),
    });
  }

  async #runEpoch(): Promise<void> {
    const place = { epoch: this.#epoch, globalStep: this.state.counter.value };
    await this.#state({ type: 'epochBegin', ...place, learningRate: await readLearningRate(this.state) });
    let step = 0;
    while (!this.#ending() && (this.plan.stepsPerEpoch === undefined || step < this.plan.stepsPerEpoch)) {
      if (!(await this.#runStep(step))) break;
      step++;
    }
    if (step === 0) {
      if (this.#ending()) return;
      throw noBatches(WHERE);
    }
    let logs = await this.#meters!.read();
    this.#meters!.reset();
    // A user who asked to stop does not wait for a validation; a callback's stop ends training after a whole epoch's facts.
    if (this.plan.validationData !== undefined && !this.signal.aborted) logs = { ...logs, ...(await this.#validate()) };
    this.#record(logs);
    const globalStep = this.state.counter.value;
    await this.#state({
      type: 'epochEnd',
      epoch: this.#epoch,
      steps: step,
      globalStep,
      logs,
      learningRate: await readLearningRate(this.state),
    });
    this.#epoch++;
  }

  /** One step on the next batch; false where the data has ended. */
  async #runStep(step: number): Promise<boolean> {
    const { state } = this;
    let batch = await this.#cursor.next();
    // Data with a given number of steps an epoch starts anew when it ends before.
    if (batch === undefined && this.plan.stepsPerEpoch !== undefined) batch = await this.#cursor.next();
    if (batch === undefined) return false;
    const inputs = checkInputs(WHERE, state.model, batch);
    const targets = checkTargets(WHERE, state.goals, inputs);
    this.#meters ??= new Meters(WHERE, state.goals, anyBatch(targets));
    this.#meters.check(targets);
    const globalStep = state.counter.value;
    this.#observer.begin(globalStep);
    const batchTensors = uploadBatch(state.model, state.goals, inputs, targets);
    let loss: number | undefined;
    try {
      const { value, outputs } = trainingStep(state, batchTensors, this.#observer, this.#meters.wantsParts);
      if (this.#watch.wants('loss', globalStep)) loss = (await value.total.data())[0]!;
      this.#meters.add(value, { outputs, targets: batchTensors.targets, masks: [] }, inputs.size);
      dispose([...outputs]);
    } finally {
      dispose([...batchTensors.inputs]);
      for (const target of batchTensors.targets) target?.dispose();
    }
    await this.#meters.settle();
    const place = { epoch: this.#epoch, globalStep };
    const own = loss === undefined ? {} : { loss };
    const fact = { type: 'stepEnd', ...place, step, batchSize: inputs.size, ...own } as const;
    const reads = this.#pace.reads(step);
    await this.#state(reads ? { ...fact, logs: await this.#meters.read() } : fact);
    for (const observation of await this.#observer.take(reads)) await this.#state({ ...place, ...observation });
    if (this.#watch.wants('resources', globalStep)) await this.#state({ type: 'resources', ...place, ...resources() });
    await this.#pace.breathe();
    return true;
  }

  async #validate(): Promise<Logs> {
    await this.#state({ type: 'validationBegin', epoch: this.#epoch });
    const task = { where: 'trainer/fit validation', steps: this.plan.validationSteps ?? null, signal: this.signal };
    const { logs, steps } = await evaluation(this.state, this.plan.validationData!, task);
    if (steps === 0) {
      if (this.signal.aborted) return {};
      throw noBatches(task.where);
    }
    await this.#state({ type: 'validationEnd', epoch: this.#epoch, globalStep: this.state.counter.value, logs });
    return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
  }

  #record(logs: Logs): void {
    this.#logs = logs;
    this.#history.epoch.push(this.#epoch);
    for (const [name, value] of Object.entries(logs)) (this.#history.history[name] ??= []).push(value);
  }

  async #end(): Promise<void> {
    await this.#state({ type: 'trainEnd', ...this.#outcome(), epochs: this.#history.epoch.length, logs: this.#logs });
    this.#inbox.complete();
    await this.#readMail();
  }

  #ending(): boolean {
    if (this.#stop === undefined && this.signal.aborted)
      this.#stop = { reason: 'stopped', message: String(this.signal.reason) };
    return this.#stop !== undefined;
  }

  #outcome(): { readonly reason: EndReason; readonly message: string } {
    return (
      this.#stop ?? {
        reason: 'completed',
        message: `All ${this.plan.epochs - this.plan.initialEpoch} epochs were trained.`,
      }
    );
  }

  /** States a fact and carries out the commands that it led to. */
  async #state(fact: Fact): Promise<void> {
    const event = { ...fact, time: now() } as TrainingEvent;
    this.emitFact(event);
    this.#inbox.deliver(event);
    await this.#readMail();
  }

  async #readMail(): Promise<void> {
    while (this.#inbox.hasMail) {
      const { letters, failures } = this.#inbox.take();
      for (const failure of failures) this.#reportFailure(failure);
      for (const letter of letters) {
        try {
          await this.#answer(letter);
        } catch (error) {
          this.#inbox.fail({ from: letter.from, error, critical: false });
        }
      }
    }
  }

  #reportFailure({ from, error, critical }: Failure): void {
    const message = error instanceof Error ? error.message : String(error);
    const event: TrainingEvent = { type: 'callbackFailed', callback: from, message, time: now() };
    this.emitFact(event);
    this.#inbox.deliver(event);
    if (critical) throw error;
  }

  async #answer({ from, command }: Letter): Promise<void> {
    switch (command.type) {
      case 'stop':
        this.#stop ??= { reason: 'callback', message: `${from}: ${command.reason}` };
        return;
      case 'hold':
        await command.until;
        return;
      case 'report':
        return this.#state({ type: 'diagnosis', ...command.diagnosis });
      case 'saveCheckpoint':
        return this.#save(command.name);
      default:
        return carryOut(command, from, this.#desk);
    }
  }

  async #save(name: string): Promise<void> {
    const { checkpointSink } = this.plan;
    if (checkpointSink === undefined) {
      throw new GradstreamError('GS_TRAIN_CHECKPOINT_SINK', {
        where: WHERE,
        what: 'A callback asked for a checkpoint and there is nowhere to put it',
        expected: 'the option checkpointSink',
        received: 'none',
        next: 'Give fit a checkpointSink.',
      });
    }
    const place = { epoch: this.#epoch, globalStep: this.state.counter.value };
    const location = await checkpointSink({ name, ...place, weights: await this.state.model.getWeights() });
    await this.#state({ type: 'checkpointSaved', ...place, location });
  }
}
