import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callsThatFail, expectClear, live, wholeLife, type WholeLife } from '../../testing/backend-life.js';
import { noEmulator, onEmulator } from '../../testing/emulator.js';

const errors = [
  [2, 'the device has no memory'],
  [46, 'the device is gone'],
  [700, 'a kernel was out of its bounds'],
  [719, 'a launch failed'],
  [999, 'nobody knows why'],
] as const;

describe.skipIf(noEmulator !== undefined)(
  `each call of the driver, at its first uses and its last, ${onEmulator}`,
  () => {
    let whole: WholeLife;
    beforeAll(async () => void (whole = await wholeLife()), 600_000);
    afterAll(() => whole.emulator.configure());

    it.each(callsThatFail.flatMap((call) => errors.map(([error, what]) => [call, what, error] as const)))(
      '%s that fails because %s is a clear error or makes no difference, and the process goes on',
      async (call, _, error) => {
        const last = Math.max(0, whole.used.get(call)! - 1);
        for (const after of new Set([0, Math.min(1, last), Math.floor(last / 2), last])) {
          await expectClear(whole, call, error, after);
          expect(await live(whole.emulator.library)).toEqual(whole.life);
        }
      },
    );
  },
);
