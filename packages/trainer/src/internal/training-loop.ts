import type { Callback, TrainingEvent } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import type { History } from '../history.js';
import { BatchCursor } from './batch-source.js';
import type { BatchWork } from './batch-work.js';
import { grantWish } from './checkpoint-wishes.js';
import { carryOut, readLearningRate, type Desk } from './command-desk.js';
import { Ending } from './ending.js';
import { evaluation } from './evaluation.js';
import { FactDesk, type Fact } from './fact-desk.js';
import type { Letter } from './inbox.js';
import type { LoopPosition } from './loop-position.js';
import { modelFacts } from './model-facts.js';
import { noBatches } from './no-batches.js';
import type { Change } from './non-finite-trace.js';
import { Observer } from './observer.js';
import { Pace } from './pace.js';
import type { PauseGate } from './pause-gate.js';
import { applyPrecision } from './precision.js';
import { runCheckpoints, type RunCheckpoints, type SettleTime } from './run-checkpoints.js';
import { RunRecord } from './run-record.js';
import { StopWatch } from './stop-watch.js';
import type { TrainingPlan } from './training-plan.js';
import type { TrainingState } from './training-state.js';
import { resources, Watch } from './watch.js';
import { WeightSlots } from './weight-slots.js';
import { testingWork, trainingWork, workNames } from './work-for.js';

const WHERE = 'trainer/fit';

/** Training as facts and commands: states what happened, then carries out what callbacks asked for, before it goes on. */
export class TrainingLoop {
  readonly #facts: FactDesk;
  readonly #desk: Desk;
  readonly #ending: Ending;
  readonly #observer = new Observer();
  readonly #asked = new Watch();
  readonly #slots: WeightSlots;
  readonly #cursor: BatchCursor;
  readonly #pace: Pace;
  readonly #watch = new StopWatch();
  readonly #work: BatchWork;
  readonly #tests: BatchWork | undefined;
  readonly #record = new RunRecord();
  readonly #position: LoopPosition;
  readonly #checkpoints: RunCheckpoints | undefined;

  constructor(
    readonly state: TrainingState,
    readonly plan: TrainingPlan,
    callbacks: readonly Callback[],
    emit: (event: TrainingEvent) => void,
    readonly signal: AbortSignal,
    readonly gate: PauseGate,
  ) {
    const { initialEpoch, data, validation, classWeights, logEvery } = plan;
    this.#position = { epoch: initialEpoch, step: 0, begun: false, over: false, stepsDone: 0, elapsed: 0 };
    this.#ending = new Ending(signal);
    this.#slots = new WeightSlots(state);
    this.#desk = {
      state,
      slots: this.#slots,
      observer: this.#observer,
      watch: this.#asked,
      data,
      stepsOfEpoch: plan.stepsOfEpoch,
    };
    this.#cursor = new BatchCursor(data, initialEpoch);
    this.#pace = new Pace(logEvery);
    this.#work = trainingWork(WHERE, state, this.#observer, classWeights);
    this.#tests = validation === undefined ? undefined : testingWork(`${WHERE} validation`, state);
    const again = { state, data, cursor: this.#cursor, carryOut: (one: Change) => carryOut(one, 'trace', this.#desk) };
    this.#observer.traces(again, (observer) => trainingWork(WHERE, state, observer, classWeights));
    this.#facts = new FactDesk(callbacks, emit, (letter) => this.#answer(letter));
    this.#checkpoints = runCheckpoints(WHERE, plan, {
      state,
      slots: this.#slots,
      work: this.#work,
      cursor: this.#cursor,
      position: this.#position,
      watch: this.#watch,
      schedule: validation?.schedule,
      record: this.#record,
      ending: this.#ending,
      callbacks,
      keepers: { observer: this.#observer, asked: this.#asked },
      epochs: plan.epochs,
    });
  }

  async run(): Promise<History> {
    try {
      applyPrecision(this.state.precision);
      await this.#begin();
      // An epoch that was begun when a checkpoint was written is brought to its end in any case.
      while (this.#position.epoch < this.plan.epochs && (!this.#ending.asked || this.#position.step > 0))
        await this.#runEpoch();
    } catch (error) {
      this.#ending.fail(error);
      await this.#end().catch(() => undefined);
      throw error;
    }
    // One who asked to stop wants to go on there: what follows is the end of an epoch that has not ended.
    if (!this.signal.aborted) await this.#settle('last');
    await this.#end();
    return { ...this.#record.history, ...this.#outcome };
  }

  async dispose(): Promise<void> {
    this.#facts.dispose();
    this.#observer.dispose();
    this.#slots.dispose();
    this.#work.dispose();
    this.#tests?.dispose();
    await this.#cursor.close();
  }

  async #begin(): Promise<void> {
    const { model, goals, optimizer } = this.state;
    const { epochs, stepsOfEpoch } = this.plan;
    const resumed = await this.#checkpoints?.open();
    const names = workNames(WHERE, this.state);
    const about = modelFacts(model, goals);
    this.#observer.meet(about, optimizer.lossScale !== undefined);
    await this.#facts.state({
      type: 'trainBegin',
      epochs,
      initialEpoch: this.#position.epoch,
      ...(resumed ? { resumed } : {}),
      stepsPerEpoch: stepsOfEpoch,
      metricNames: this.#tests === undefined ? names : [...names, ...names.map((name) => `val_${name}`)],
      model: about,
      globalStep: this.#globalStep,
      learningRate: await readLearningRate(this.state),
    });
    for (const fact of this.#checkpoints?.begin() ?? []) await this.#facts.state(fact);
    this.#checkLimits();
    await this.#settle();
  }

  /** Writes the checkpoints that are due. Only here, between two steps and with all facts stated, is training at a place that can be gone back to. */
  async #settle(when: SettleTime = this.signal.aborted ? 'stopped' : 'between'): Promise<void> {
    for (const fact of (await this.#checkpoints?.settle(when)) ?? []) await this.#facts.state(fact);
  }

  async #runEpoch(): Promise<void> {
    const { epoch } = this.#position;
    if (!this.#position.begun) await this.#beginEpoch();
    while (!this.#ending.asked && this.#hasStepsLeft) await this.#runSteps();
    const { step } = this.#position;
    if (step === 0) {
      if (this.#ending.asked) return;
      throw noBatches(WHERE);
    }
    const trained = await this.#work.read();
    for (const observation of await this.#observer.endEpoch(trained))
      await this.#facts.state({ epoch, ...observation });
    if (this.plan.validation?.schedule.afterEpoch(epoch)) await this.#validate();
    this.#work.reset();
    const logs = { ...trained, ...this.#record.validated };
    this.#record.add(epoch, logs);
    const learningRate = await readLearningRate(this.state);
    await this.#facts.state({ type: 'epochEnd', epoch, steps: step, globalStep: this.#globalStep, logs, learningRate });
    Object.assign(this.#position, { epoch: epoch + 1, step: 0, begun: false, over: false });
    await this.#settle();
  }

  async #beginEpoch(): Promise<void> {
    const place = { epoch: this.#position.epoch, globalStep: this.#globalStep };
    await this.#facts.state({ type: 'epochBegin', ...place, learningRate: await readLearningRate(this.state) });
    this.#position.begun = true;
    await this.#settle();
  }

  /** The steps up to the next look at the commands. */
  async #runSteps(): Promise<void> {
    const { stepsPerExecution } = this.state;
    const before = this.#position.stepsDone;
    await this.#waitWhilePaused();
    const facts: Fact[] = [];
    try {
      for (let count = 0; count < stepsPerExecution && this.#hasStepsLeft && !this.signal.aborted; count++) {
        const batch = await this.#nextBatch();
        if (batch === undefined) this.#position.over = true;
        else facts.push(...(await this.#runStep(batch)));
      }
    } finally {
      for (const fact of facts) await this.#facts.state(fact);
    }
    this.#checkLimits();
    const { stepsDone, elapsed } = this.#position;
    if (this.plan.validation?.schedule.afterSteps(before, stepsDone, elapsed)) await this.#validate();
    await this.#settle();
  }

  async #nextBatch(): Promise<Example | undefined> {
    const batch = await this.#cursor.next();
    // Data with a given number of steps an epoch starts anew when it ends before.
    return batch === undefined && this.plan.stepsPerEpoch !== undefined ? this.#cursor.next() : batch;
  }

  async #runStep(batch: Example): Promise<readonly Fact[]> {
    const { epoch, step } = this.#position;
    const globalStep = this.#globalStep;
    const place = { epoch, globalStep };
    this.#observer.begin(globalStep, batch);
    const batchSize = this.#work.take(batch);
    this.#position.step++;
    this.#position.stepsDone++;
    const own = this.#asked.wants('loss', globalStep) ? { loss: await this.#work.lastLoss() } : {};
    await this.#work.settle();
    const reads = this.#pace.reads(step);
    const means = reads || this.#observer.asksForMeans ? await this.#work.read() : undefined;
    const logs = reads ? { logs: means! } : {};
    const facts: Fact[] = [{ type: 'stepEnd', ...place, step, batchSize, ...own, ...logs }];
    for (const observation of await this.#observer.take(means)) facts.push({ ...place, ...observation });
    if (this.#asked.wants('resources', globalStep)) facts.push({ type: 'resources', ...place, ...resources() });
    await this.#pace.breathe();
    return facts;
  }

  get #hasStepsLeft(): boolean {
    const { stepsPerEpoch = Number.POSITIVE_INFINITY, maxSteps } = this.plan;
    return !this.#position.over && this.#position.step < stepsPerEpoch && this.#position.stepsDone < maxSteps;
  }

  #checkLimits(): void {
    const { maxSteps, maxTime } = this.plan;
    const position = this.#position;
    position.elapsed = this.#watch.elapsed;
    if (position.stepsDone >= maxSteps) this.#ending.ask('completed', `All ${maxSteps} steps were trained.`);
    if (position.elapsed >= maxTime) this.#ending.ask('completed', `The time was over: ${maxTime / 1000} seconds.`);
  }

  async #waitWhilePaused(): Promise<void> {
    if (!this.gate.closed || this.signal.aborted) return;
    const { epoch } = this.#position;
    this.#watch.pause();
    await this.#facts.state({ type: 'trainPaused', epoch, globalStep: this.#globalStep });
    await this.gate.pass(this.signal);
    this.#watch.resume();
    await this.#facts.state({ type: 'trainResumed', epoch, globalStep: this.#globalStep });
  }

  async #validate(): Promise<void> {
    // A user who asked to stop does not wait for a validation; a callback's stop ends training after a whole epoch's facts.
    if (this.signal.aborted) return;
    const { epoch } = this.#position;
    const { data, steps } = this.plan.validation!;
    await this.#facts.state({ type: 'validationBegin', epoch });
    const between = async (): Promise<void> => {
      await this.#waitWhilePaused();
      await this.#pace.breathe();
    };
    const result = await evaluation(this.#tests!, data, { steps, signal: this.signal, between });
    if (result.steps === 0) {
      if (this.signal.aborted) return;
      throw noBatches(`${WHERE} validation`);
    }
    const { logs } = result;
    this.#record.validated = Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
    await this.#facts.state({ type: 'validationEnd', epoch, globalStep: this.#globalStep, logs });
  }

  async #end(): Promise<void> {
    const epochs = this.#record.history.epoch.length;
    await this.#facts.state({ type: 'trainEnd', ...this.#outcome, epochs, logs: this.#record.logs });
    await this.#settle('over');
    await this.#facts.close();
  }

  get #outcome(): ReturnType<Ending['outcome']> {
    return this.#ending.outcome(`All ${this.plan.epochs - this.plan.initialEpoch} epochs were trained.`);
  }

  get #globalStep(): number {
    return this.state.counter.value;
  }

  async #answer({ from, command }: Letter): Promise<void> {
    switch (command.type) {
      case 'stop':
        return this.#ending.ask('callback', `${from}: ${command.reason}`);
      case 'hold':
        await command.until;
        return;
      case 'report':
        return this.#facts.state({ type: 'diagnosis', ...command.diagnosis });
      case 'saveCheckpoint':
      case 'removeCheckpoint': {
        const places = { state: this.state, sink: this.plan.checkpointSink, checkpoints: this.#checkpoints };
        const fact = await grantWish(WHERE, command, this.#position.epoch, places);
        return fact && this.#facts.state(fact);
      }
      default:
        await carryOut(command, from, this.#desk);
        return this.#observer.note(command);
    }
  }
}
