import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  callsThatFail,
  expectClear,
  live,
  unusedCalls,
  wholeLife,
  type WholeLife,
} from '../../testing/backend-life.js';
import { noEmulator, onEmulator } from '../../testing/emulator.js';

// Other errors, and other uses than the first, are in every-call.long.spec.ts.
describe.skipIf(noEmulator !== undefined)(`each call of the driver, ${onEmulator}`, () => {
  let whole: WholeLife;
  beforeAll(async () => void (whole = await wholeLife()), 600_000);
  afterAll(() => whole.emulator.configure());

  it('is made in the life that the other tests look at', () => {
    const { sums, reason } = whole.life;
    expect([reason, ...sums]).toEqual([undefined, sums[1], sums[0], 5, 0]);
    expect(unusedCalls(whole.used)).toEqual([]);
  });

  it.each(callsThatFail)(
    '%s that fails is a clear error or makes no difference, and the process goes on',
    async (call) => {
      // Out of memory, a launch that failed.
      for (const error of [2, 719]) await expectClear(whole, call, error, 0);
      expect(await live(whole.emulator.library)).toEqual(whole.life);
    },
  );
});
