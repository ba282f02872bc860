import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand } from '@gradstream/core';
import { dense, dropout, sequential, type Model } from '@gradstream/layers';
import { computeLoss, sparseCategoricalCrossentropy } from '@gradstream/objectives';
import { adam, sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainEvents, start, type Program } from '../fixtures/resumable.js';
import { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';
import type { CompileOptions } from './compile.js';

beforeAll(() => tf.setBackend('cpu'));

const loss = sparseCategoricalCrossentropy();

/** A step that trains a judge of the model's outputs beside the model, which wants to please it. */
function judged(judge: Model): (model: Model) => Partial<CompileOptions> {
  return () => ({
    loss: undefined,
    metrics: undefined,
    customStep: {
      logs: ['loss', 'judge'],
      train: ({ x, y }, { minimize, run }) => {
        const verdict = (goal: number): tf.Tensor =>
          tf.mean(tf.square(tf.sub(run(run(x as tf.Tensor)[0]!, judge)[0]!, goal)));
        const own = (): tf.Tensor => computeLoss(loss, y as tf.Tensor, run(x as tf.Tensor)[0]!);
        return {
          judge: minimize(() => verdict(1) as tf.Scalar, judge),
          loss: minimize(() => tf.add(own(), verdict(0)) as tf.Scalar),
        };
      },
      others: [{ model: judge, optimizer: adam({ learningRate: 0.05 }) }],
    },
  });
}

/** Keeps everything, with the optimizers, and puts it back some steps later. Twice in one list, each has a copy of its own. */
function undo(keepAt: number, undoAt: number) {
  let count = 0;
  return defineCallback(
    'undo',
    (events$) =>
      events$.pipe(
        concatMap((event): TrainingCommand[] => {
          if (event.type !== 'stepEnd') return [];
          count++;
          if (count === keepAt) return [{ type: 'keepWeights', slot: 'all', optimizer: true }];
          return count === undoAt ? [{ type: 'restoreWeights', slot: 'all' }] : [];
        }),
      ),
    { state: () => ({ count }), restore: (state) => void ({ count } = state as { count: number }) },
  );
}

async function trained(program: Program, options: Parameters<typeof start>[1] = {}) {
  const judge = sequential([dense(4, { activation: 'tanh', inputShape: [3] }), dropout(0.2), dense(1)], { seed: 9 });
  try {
    const outcome = await start({ ...program, compile: judged(judge) }, options);
    return { ...outcome, judge: await judge.getWeights() };
  } finally {
    judge.dispose();
  }
}

describe('a step that trains other models', () => {
  it.each<[string, Program]>([
    ['alone', {}],
    ['with copies that are put back', { callbacks: () => [undo(2, 5), undo(3, 7)] }],
  ])('goes on from a checkpoint, their weights and optimizers included: %s', async (_, program) => {
    const store = memoryCheckpoints();
    const before = tf.memory().numTensors;
    const whole = await trained(program, { checkpointStore: store, saveEvery: { steps: 1 }, keepCheckpoints: 99 });
    const names = await store.list();
    for (const name of names.filter((__, index) => index % 3 === 1)) {
      const resumed = await trained(program, { checkpointStore: store, resumeFrom: name });
      expect(resumed.judge, name).toEqual(whole.judge);
      expect(resumed.weights, name).toEqual(whole.weights);
      expect(resumed.history, name).toEqual(whole.history);
      const rest = plainEvents(resumed.events);
      expect(rest, name).toEqual(plainEvents(whole.events).slice(-rest.length));
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is undone with all that it trains', async () => {
    const plain = await trained({}, { maxSteps: 5 });
    const undone = await trained({ callbacks: () => [undo(5, 9)] }, { maxSteps: 9 });
    expect(undone.judge).toEqual(plain.judge);
    expect(undone.weights).toEqual(plain.weights);
    expect(undone.steps).toBe(plain.steps);
  });

  it('does not go on from a checkpoint of a step that trains with another optimizer beside', async () => {
    const store = memoryCheckpoints();
    await trained({}, { checkpointStore: store, saveEvery: { epochs: 1 } });
    const judge = sequential([dense(4, { activation: 'tanh', inputShape: [3] }), dropout(0.2), dense(1)], { seed: 9 });
    const options = (model: Model): Partial<CompileOptions> => {
      const given = judged(judge)(model) as { customStep: NonNullable<CompileOptions['customStep']> };
      return { ...given, customStep: { ...given.customStep, others: [{ model: judge, optimizer: sgd() }] } };
    };
    await expect(start({ compile: options }, { checkpointStore: store, resumeFrom: 'latest' })).rejects.toMatchObject({
      code: 'GS_CHECKPOINT_DIFFERS',
      message: expect.stringContaining('others[0]'),
    });
    judge.dispose();
  });
});
