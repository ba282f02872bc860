import '@tensorflow/tfjs-backend-cpu';
import { defineCallback, type TrainingCommand, type TrainingEvent } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import * as tf from '@tensorflow/tfjs-core';
import { concatMap, of } from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { noisyNetwork, samples, start, type Program } from '../fixtures/resumable.js';
import type { CheckpointStore } from './checkpoint/checkpoint-store.js';
import { memoryCheckpoints } from './checkpoint/memory-checkpoints.js';
import { readCheckpoint } from './checkpoint/read-checkpoint.js';
import type { FitOptions } from './fit-options.js';

const small: Program = { fit: { epochs: 1 }, data: () => fromArrays(samples(12)).batch(4) };
let store: CheckpointStore;
beforeAll(async () => {
  await tf.setBackend('cpu');
  store = memoryCheckpoints();
  await start(small, { checkpointStore: store, saveEvery: { steps: 2 } });
});

const diagnoses = (events: readonly TrainingEvent[]): unknown[] =>
  events.filter(({ type }) => type === 'diagnosis').map((event) => ({ ...event, time: 0 }));
/** A store in which some checkpoints have another byte in a file. */
const harmed = (names: readonly string[], file: string): CheckpointStore => ({
  ...store,
  async read(name, wanted, limit) {
    const bytes = await store.read(name, wanted, limit);
    if (names.includes(name) && wanted === file) bytes[bytes.length - 9]! ^= 1;
    return bytes;
  },
});

describe('resuming another training', () => {
  it.each<[string, Program, RegExp]>([
    [
      'a wider layer',
      { model: () => noisyNetwork(7) },
      /weights\[0\].shape is "\[4, 6\]" in the checkpoint and "\[4, 7\]" here/,
    ],
    [
      'another layer',
      { model: () => sequential([dense(3, { activation: 'softmax', inputShape: [4] })], { seed: 7 }) },
      /weights\[0\].shape/,
    ],
    ['another seed', { model: () => noisyNetwork(6, 8) }, /seed is 7 in the checkpoint and 8 here.*Pass seed: 7/s],
    ['no seed', { compile: { seed: 9 } }, /seed is 7/],
    ['another optimizer', { compile: { optimizer: 'sgd' } }, /optimizer.type is "Adam"/],
    ['an option of it', { compile: { optimizer: sgd({ momentum: 0.5 }) } }, /optimizer/],
    ['another loss', { compile: { loss: 'categoricalCrossentropy' } }, /outputs\[0\].loss is /],
    ['other metrics', { compile: { metrics: [] } }, /logs\[1\] is "accuracy" in the checkpoint and not there here/],
    ['more data', { data: () => fromArrays(samples(24)).batch(4) }, /batches is 3 in the checkpoint and 6 here/],
    ['other epochs', { fit: { epochs: 1, stepsPerEpoch: 2 } }, /stepsPerEpoch is null in the checkpoint and 2 here/],
    ['class weights', { fit: { epochs: 1, classWeight: { 0: 2 } } }, /classWeights\[0\]/],
    [
      'frozen weights',
      {
        model: () => {
          const model = noisyNetwork();
          model.freeze('dense');
          return model;
        },
      },
      /weights\[0\].trains is true in the checkpoint and false here/,
    ],
  ])('is refused with the first difference: %s', async (_, other, message) => {
    const resumed = start({ ...small, ...other }, { checkpointStore: store, resumeFrom: 'latest' });
    await expect(resumed).rejects.toThrow(message);
    await expect(resumed).rejects.toThrow(/GS_CHECKPOINT_DIFFERS/);
  });
});

describe('a damaged checkpoint', () => {
  it.each(['manifest.json', 'tensors.safetensors'])('is passed over, and that is said: %s', async (file) => {
    const names = await store.list();
    expect(names).toHaveLength(2);
    const { events, weights } = await start(small, {
      checkpointStore: harmed(names.slice(1), file),
      resumeFrom: 'latest',
    });
    expect(events[0]).toMatchObject({ resumed: { checkpoint: names[0] } });
    expect(diagnoses(events)).toMatchObject([{ name: 'checkpointDamaged', severity: 'warning' }]);
    expect(weights).toEqual((await start(small)).weights);
  });

  it('is an error where it was asked for by name, and where there is no other', async () => {
    const names = await store.list();
    const broken = harmed(names, 'tensors.safetensors');
    await expect(start(small, { checkpointStore: broken, resumeFrom: names[0]! })).rejects.toThrow(
      /GS_CHECKPOINT_DAMAGED/,
    );
    await expect(start(small, { checkpointStore: broken, resumeFrom: 'latest' })).rejects.toThrow(
      /GS_CHECKPOINT_DAMAGED .*None of the checkpoints/s,
    );
  });
});

describe('saving', () => {
  it('that fails is told and harms neither the training nor the checkpoints of before', async () => {
    const kept = memoryCheckpoints();
    let writes = 0;
    const full: CheckpointStore = {
      ...kept,
      write: (...args) =>
        writes++ === 1 ? Promise.reject(new Error('ENOSPC: the disk is full')) : kept.write(...args),
    };
    const { events, weights } = await start(small, { checkpointStore: full, saveEvery: { steps: 1 } });
    expect(diagnoses(events)).toMatchObject([{ name: 'checkpointFailed', message: /ENOSPC/, severity: 'error' }]);
    expect(weights).toEqual((await start(small)).weights);
    expect(await kept.list()).toHaveLength(2);
  });

  it('is refused before training where the store does not open', async () => {
    const closed = { ...memoryCheckpoints(), open: () => Promise.reject(new Error('EROFS')) };
    const steps: number[] = [];
    await expect(
      start(small, { checkpointStore: closed, saveEvery: { steps: 1 } }, (event) => {
        if (event.type === 'stepEnd') steps.push(event.step);
      }),
    ).rejects.toThrow(/EROFS/);
    expect(steps).toEqual([]);
  });

  it('happens when a callback asks for it, under its name, at the end of what is under way', async () => {
    const kept = memoryCheckpoints();
    const asking = defineCallback('asking', (events$) =>
      events$.pipe(
        concatMap((event) =>
          ['trainBegin', 'epochBegin', 'validationEnd', 'epochEnd', 'trainEnd'].includes(event.type)
            ? of<TrainingCommand>({ type: 'saveCheckpoint', name: event.type })
            : [],
        ),
      ),
    );
    const program: Program = {
      ...small,
      fit: { epochs: 2, validationData: fromArrays(samples(4, 'test')).batch(4) },
      callbacks: () => [asking],
    };
    const whole = await start(program, { checkpointStore: kept });
    const names = await kept.list();
    expect(names).toEqual([
      'trainBegin-000001',
      'epochBegin-000002',
      'validationEnd-000003',
      'epochEnd-000004',
      'epochBegin-000005',
      'validationEnd-000006',
      'epochEnd-000007',
      'trainEnd-000008',
    ]);
    expect(whole.events.filter(({ type }) => type === 'checkpointSaved')).toHaveLength(8);
    for (const name of names) {
      const resumed = await start({ ...program, callbacks: () => [] }, { checkpointStore: kept, resumeFrom: name });
      expect(resumed.weights, name).toEqual(whole.weights);
    }
  });

  it('fails a callback that asks for a name that is a path, or where there is no place', async () => {
    const asking = (name: string) =>
      defineCallback('asking', () => of<TrainingCommand>({ type: 'saveCheckpoint', name }));
    const failed = async (name: string, options: FitOptions): Promise<unknown> =>
      (await start({ ...small, callbacks: () => [asking(name)] }, options)).events.find(
        ({ type }) => type === 'callbackFailed',
      );
    expect(await failed('../a', { checkpointStore: memoryCheckpoints() })).toMatchObject({
      message: /GS_CHECKPOINT_NAME/,
    });
    expect(await failed('a', {})).toMatchObject({ message: /GS_TRAIN_CHECKPOINT_SINK/ });
  });

  it('tells that a callback whose state is there has gone', async () => {
    const kept = memoryCheckpoints();
    const counting = (name: string) =>
      defineCallback(name, () => of(), { state: () => ({ name }), restore: () => undefined });
    const options = { checkpointStore: kept, saveEvery: { epochs: 1 } };
    await start({ ...small, callbacks: () => [counting('a'), counting('b')] }, options);
    const { events } = await start(
      { ...small, callbacks: () => [counting('b')] },
      { checkpointStore: kept, resumeFrom: 'latest' },
    );
    expect(diagnoses(events)).toMatchObject([{ name: 'callbackStateUnused', message: /not here: a$/ }]);
  });
});

describe('options about checkpoints', () => {
  it.each<[string, object, RegExp]>([
    ['no place', { saveEvery: { steps: 1 } }, /GS_OPTION_VALUE .*"saveEvery".*folderCheckpoints/s],
    ['no place to resume from', { resumeFrom: 'latest' }, /GS_OPTION_VALUE .*"resumeFrom"/s],
    ['a path for a store', { checkpointStore: 'runs/a' }, /GS_OPTION_VALUE .*folderCheckpoints/s],
    ['a number for saveEvery', { saveEvery: 5 }, /GS_OPTION_TYPE/],
    ['saveEvery without a count', { saveEvery: {} }, /GS_OPTION_VALUE .*"saveEvery"/s],
    ['half a step', { saveEvery: { steps: 0.5 } }, /GS_OPTION_VALUE .*saveEvery.steps/s],
    ['no seconds', { saveEvery: { seconds: 0 } }, /GS_OPTION_VALUE .*saveEvery.seconds/s],
    ['minutes', { saveEvery: { minutes: 1 } }, /GS_OPTION_UNKNOWN/],
    ['one checkpoint', { keepCheckpoints: 1 }, /GS_OPTION_VALUE .*at least 2/s],
    ['a path to resume from', { resumeFrom: '../a' }, /GS_CHECKPOINT_NAME/],
    ['true to resume from', { resumeFrom: true }, /GS_CHECKPOINT_NAME/],
    ['a run that is only a rehearsal', { saveEvery: { steps: 1 }, fastDevRun: true }, /fastDevRun/],
  ])('are refused: %s', async (_, options, message) => {
    const given = {
      ...('checkpointStore' in options || message.source.includes('place') ? {} : { checkpointStore: store }),
      ...options,
    };
    const fit = start({ data: small.data! }, (_.startsWith('no place') ? options : given) as FitOptions);
    await expect(fit).rejects.toThrow(message);
  });

  it('name a checkpoint that is not there', async () => {
    await expect(start(small, { checkpointStore: store, resumeFrom: 'a-000001' })).rejects.toThrow(
      /GS_CHECKPOINT_MISSING .*"latest" or one of checkpoint-/s,
    );
  });
});

describe('readCheckpoint', () => {
  it('gives weights that a model takes', async () => {
    const found = await readCheckpoint(store);
    expect(found).toMatchObject({ epoch: 1, step: 0, globalStep: 3, name: (await store.list()).at(-1) });
    const model = noisyNetwork();
    model.setWeights(found.weights);
    expect(await model.getWeights()).toEqual((await start(small)).weights);
    model.dispose();
  });

  it('says what is not there', async () => {
    await expect(readCheckpoint(memoryCheckpoints())).rejects.toThrow(/GS_CHECKPOINT_MISSING/);
    await expect(readCheckpoint(store, 'b-000009')).rejects.toThrow(/GS_CHECKPOINT_MISSING/);
    await expect(readCheckpoint(store, '..')).rejects.toThrow(/GS_CHECKPOINT_NAME/);
  });
});
