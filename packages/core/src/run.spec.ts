import { describe, expect, it } from 'vitest';
import { startRun } from './run.js';
import { yieldToHost } from './yield-to-host.js';

describe('startRun', () => {
  it('starts later, so that whoever subscribes in the same tick sees every event', async () => {
    const seen: number[] = [];
    const run = startRun<number, string>(async ({ emit }) => {
      emit(1);
      emit(2);
      return 'done';
    });
    await Promise.resolve();
    run.events$.subscribe((event) => seen.push(event));
    expect(await run).toBe('done');
    expect(seen).toEqual([1, 2]);
  });

  it('delivers an event that was stated during a delivery after it, to everybody in the same order', async () => {
    const first: number[] = [];
    const second: number[] = [];
    const run = startRun<number, void>(async ({ emit }) => {
      run.events$.subscribe((event) => {
        if (event === 1) emit(2);
        first.push(event);
      });
      run.events$.subscribe((event) => second.push(event));
      emit(1);
    });
    await run;
    expect(first).toEqual([1, 2]);
    expect(second).toEqual([1, 2]);
  });

  it('tells the body that it was asked to stop, and why', async () => {
    const run = startRun<never, string>(async ({ signal }) => {
      while (!signal.aborted) await yieldToHost();
      return String(signal.reason);
    });
    setTimeout(() => run.stop('enough'), 5);
    expect(await run).toBe('enough');
  });

  it('rejects with the body’s error and completes its events', async () => {
    let completed = false;
    let failed = false;
    const run = startRun<number, void>(async () => {
      throw new Error('broken');
    });
    run.events$.subscribe({ complete: () => (completed = true), error: () => (failed = true) });
    await expect(run).rejects.toThrow('broken');
    expect([completed, failed]).toEqual([true, false]);
  });
});
