import type { TrainingCommand, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play, player } from '../fixtures/play.js';
import { stepEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { batchSizeFinder, type BatchSizeFinderCallback, type BatchSizeFinderOptions } from './batch-size-finder.js';

const NO_MEMORY = 'GS_BACKEND_MEMORY  [backend-wasm] There is no room for a tensor of 9 bytes.';

/** What a machine does with batches: how many samples it has room for, how many there are, and what a step takes. */
interface Machine {
  readonly room?: number;
  readonly samples?: number;
  readonly milliseconds?: (batchSize: number) => number;
}

/** Trainings of a made-up machine, until the search is over. Gives the sizes that were tried. */
function search(
  options: BatchSizeFinderOptions,
  { room = Infinity, samples = Infinity, milliseconds = () => 1 }: Machine,
) {
  const finder = batchSizeFinder(options);
  const feed = player(finder);
  const sizes: number[] = [];
  const commands: TrainingCommand[] = [];
  while (finder.next !== null && sizes.length < 99) {
    const batchSize = Math.min(finder.next, samples);
    sizes.push(finder.next);
    commands.push(...feed(trainBegin(['loss'])));
    let stopped = false;
    for (let step = 0; batchSize <= room && !stopped; step++) {
      const time = (step + 1) * milliseconds(batchSize);
      const answers = feed({ ...stepEnd(0, step), batchSize, time } as TrainingEvent);
      commands.push(...answers);
      stopped = answers.some(({ type }) => type === 'stop');
    }
    commands.push(...feed(stopped ? trainEnd('callback') : trainEnd('failed', NO_MEMORY)));
  }
  return { finder, sizes, commands };
}

describe('batchSizeFinder', () => {
  it('keeps everything, takes some steps, stops and puts everything back', () => {
    expectMarbles(batchSizeFinder({ from: 4, to: 4, stepsPerTrial: 2 }), {
      events: 'b---xy-t-----|',
      given: {
        b: trainBegin(['loss']),
        x: stepEnd(0, 0, undefined, 1000),
        y: stepEnd(0, 1, undefined, 1500),
        t: trainEnd('callback'),
      },
      commands: '(ko)-s-(prd)-|',
      expected: {
        k: { type: 'keepWeights', slot: 'before', optimizer: true },
        o: { type: 'observe', kind: 'loss', every: 1 },
        s: { type: 'stop', reason: '2 steps were tried' },
        p: { type: 'observe', kind: 'loss', every: 0 },
        r: { type: 'restoreWeights', slot: 'before' },
        d: {
          type: 'report',
          diagnosis: {
            name: 'batchSizeFound',
            severity: 'info',
            message: 'Batches of 4 samples are the largest that train',
            evidence: { trials: 1, batchSize: 4, samplesPerSecond: 8 },
            remedy: 'Train with this batch size; with a much larger one than before, search the learning rate anew.',
          },
        },
      } as Record<string, TrainingCommand>,
    });
  });

  it.each<[string, BatchSizeFinderOptions, Machine, number[], number | null, string]>([
    ['doubles until there is no memory', {}, { room: 20 }, [2, 4, 8, 16, 32], 16, 'memory'],
    ['halves where the first is too large', { from: 32 }, { room: 11 }, [32, 16, 8], 8, 'memory'],
    ['finds that not even 1 fits', { from: 4 }, { room: 0 }, [4, 2, 1], null, 'memory'],
    ['bisects', { mode: 'binsearch', from: 4 }, { room: 21 }, [4, 8, 16, 32, 24, 20, 22, 21], 21, 'memory'],
    ['bisects below the first', { mode: 'binsearch', from: 16 }, { room: 5 }, [16, 8, 4, 6, 5], 5, 'memory'],
    ['bisects down to nothing', { mode: 'binsearch', from: 3 }, { room: 0 }, [3, 1], null, 'memory'],
    ['ends with all the data', { from: 8 }, { samples: 21 }, [8, 16, 32], 21, 'data'],
    ['ends at the largest', { from: 3, to: 10 }, {}, [3, 6, 10], 10, 'to'],
    ['ends after so many', { maxTrials: 3 }, {}, [2, 4, 8], 8, 'maxTrials'],
    [
      'ends where nothing gets faster, with the smallest that is as good',
      { mode: 'throughput', from: 8 },
      { milliseconds: (size) => 1 + Math.max(size, 64) / 64 },
      [8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096],
      1024,
      'throughput',
    ],
    [
      'is not misled by one size that is slow',
      { mode: 'throughput', from: 1, to: 64, tolerance: 0 },
      { milliseconds: (size) => (size === 4 ? 9 : 1) },
      [1, 2, 4, 8, 16, 32, 64],
      64,
      'to',
    ],
  ])('%s', (_, options, machine, sizes, batchSize, reason) => {
    const found = search(options, machine);
    expect(found.sizes).toEqual(sizes);
    expect({ ...found.finder }).toMatchObject({ batchSize, reason, next: null });
    const counted = (type: string): number => found.commands.filter((command) => command.type === type).length;
    expect(counted('restoreWeights')).toBe(sizes.length);
    expect(counted('report')).toBe(1);
  });

  it('takes the median of steps without the first two', () => {
    const finder = batchSizeFinder({ mode: 'throughput', from: 10, to: 10, stepsPerTrial: 6 });
    let time = 0;
    const steps = [900, 500, 10, 20, 30, 20].map((took, step) => stepEnd(0, step, undefined, (time += took)));
    play(finder, [
      trainBegin(['loss']),
      ...steps.map((step) => ({ ...step, batchSize: 10 }) as TrainingEvent),
      trainEnd(),
    ]);
    expect(finder.trials[0]!.samplesPerSecond).toBe(500);
    expect(finder.text()).toBe('batch size             trained\n        10       500 samples/s  <-');
  });

  it('says what there was no memory for', () => {
    const { finder, commands } = search({ from: 1 }, { room: 0 });
    expect(finder.trials).toEqual([
      { batchSize: 1, fits: false, steps: 0, samplesPerSecond: null, message: NO_MEMORY },
    ]);
    expect(finder.text()).toContain('no memory');
    expect(commands.at(-1)).toMatchObject({ diagnosis: { name: 'batchSizeNotFound', severity: 'error' } });
  });

  const ended = (end: TrainingEvent): BatchSizeFinderCallback => {
    const finder = batchSizeFinder();
    play(finder, [trainBegin(['loss']), end]);
    return finder;
  };

  it.each([
    'tfjs: Error: Array buffer allocation failed',
    'Invalid typed array length: 123456789012',
    'OOM when allocating tensor with shape[512,4096]',
    'CUDA error 2: out of memory',
    'ResourceExhausted: no more',
    'Requested texture size [20000x9] greater than WebGL maximum on this browser / GPU [16384x16384].',
    'Buffer size (5368709120) exceeds the max buffer size limit (268435456)',
    'RuntimeError: Aborted(OOM)',
  ])('takes "%s" for want of memory', (message) => {
    expect(ended(trainEnd('failed', message)).trials).toHaveLength(1);
  });

  it.each([
    trainEnd('failed', 'GS_TRAIN_TARGETS'),
    trainEnd('failed', 'the room is small'),
    trainEnd('stopped', 'stop'),
  ])('ends with %o', (end) => {
    expect({ ...ended(end) }).toMatchObject({ next: null, trials: [], reason: 'stopped', batchSize: null });
  });

  it('trains nothing when the search is over', () => {
    const finder = ended(trainEnd('stopped'));
    expect(play(finder, [trainBegin(['loss']), stepEnd(0, 0), trainEnd()])).toEqual([
      [{ type: 'stop', reason: 'the search is over' }],
      [],
      [],
    ]);
  });

  it.each([
    [{ mode: 'double' }, 'GS_OPTION_VALUE'],
    [{ from: 0 }, 'GS_OPTION_VALUE'],
    [{ from: 1.5 }, 'GS_OPTION_VALUE'],
    [{ from: 8, to: 4 }, 'GS_OPTION_VALUE'],
    [{ maxTrials: 0 }, 'GS_OPTION_VALUE'],
    [{ stepsPerTrial: NaN }, 'GS_OPTION_VALUE'],
    [{ tolerance: 1 }, 'GS_OPTION_VALUE'],
    [{ initVal: 2 }, 'GS_OPTION_UNKNOWN'],
    [3, 'GS_OPTION_TYPE'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => batchSizeFinder(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
