import type { TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { describe, expect, it } from 'vitest';
import { play } from '../fixtures/play.js';
import { epochEnd, stepEnd, trainBegin } from '../fixtures/training-events.js';
import { throughput, type ThroughputReport } from './throughput.js';

const resources = (globalStep: number, time: number, tensors = 10): TrainingEvent => ({
  type: 'resources',
  epoch: 0,
  globalStep,
  tensors,
  tensorBytes: 3 * 2 ** 20,
  heapBytes: 5,
  processBytes: null,
  time,
});
const steps = (first: number, last: number): TrainingEvent[] =>
  Array.from({ length: last - first + 1 }, (_, index) => stepEnd(0, first + index));
const validation = (from: number, to: number): TrainingEvent[] => [
  { type: 'validationBegin', epoch: 0, time: from },
  { type: 'validationEnd', epoch: 0, globalStep: 0, logs: {}, time: to },
];

describe('throughput', () => {
  it('asks for resources, and states a report an epoch', () => {
    expectMarbles(throughput({ every: 5 }), {
      events: 'brstuvwR-E|',
      given: {
        b: trainBegin(['loss']),
        r: resources(0, 1000),
        s: stepEnd(0, 1),
        t: stepEnd(0, 2),
        u: stepEnd(0, 3),
        v: stepEnd(0, 4),
        w: stepEnd(0, 5),
        R: resources(5, 1500),
        E: epochEnd(0, {}),
      },
      commands: 'o--------d|',
      expected: {
        o: { type: 'observe', kind: 'resources', every: 5 },
        d: {
          type: 'report',
          diagnosis: {
            name: 'throughput',
            severity: 'info',
            message: '40 samples/s, 100.0000 ms/step, 10 tensors in 3.0 MiB',
            evidence: {
              epoch: 0,
              samplesPerSecond: 40,
              millisecondsPerStep: 100,
              eventsPerSecond: 12,
              tensors: 10,
              tensorBytes: 3 * 2 ** 20,
              heapBytes: 5,
            },
            remedy: 'Nothing is to be done.',
          },
        },
      },
    });
  });

  it('hands reports to a sink, without the first step and without validation', () => {
    const reports: ThroughputReport[] = [];
    const callback = throughput({ every: 4, sink: (report) => reports.push(report) });
    const events = [
      stepEnd(0, 0),
      resources(0, 0),
      ...steps(1, 2),
      ...validation(100, 900),
      ...steps(3, 4),
      resources(4, 1200),
    ];
    expect(play(callback, [...events, epochEnd(0, {})]).flat()).toEqual([]);
    expect(reports).toMatchObject([
      { globalStep: 4, steps: 4, millisecondsPerStep: 100, samplesPerSecond: 40, heapBytes: 5, processBytes: null },
    ]);
  });

  it.each([
    [[10, 11, 12, 13, 14], true],
    [[10, 11, 12, 13, 13], false],
    [[10, 11, 12, 13], false],
    [[14, 10, 11, 12, 13, 14], true],
  ])('epochs that held %j tensors are a leak: %j', (counts, leak) => {
    const events = counts.flatMap((count, epoch) => [
      resources(3 * epoch, epoch, count + 5),
      resources(3 * epoch + 1, epoch, count),
      epochEnd(epoch, {}),
    ]);
    const reports = play(throughput({ sink: () => {} }), events).flat();
    expect(reports).toMatchObject(leak ? [{ diagnosis: { name: 'tensorsGrow', severity: 'warning' } }] : []);
  });

  it.each([
    [{ every: 0 }, 'GS_OPTION_VALUE'],
    [{ every: 1.5 }, 'GS_OPTION_VALUE'],
    [{ sink: 'log' }, 'GS_OPTION_VALUE'],
    [{ steps: 5 }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => throughput(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
