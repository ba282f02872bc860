import { describe, expect, it } from 'vitest';
import { classOf, Pool } from './pool.js';

/** A device with so many bytes. */
function device(bytes: number): { taken: Map<number, number>; source: ConstructorParameters<typeof Pool>[0] } {
  const taken = new Map<number, number>();
  let next = 256;
  return {
    taken,
    source: {
      allocate: (wanted) => {
        if ([...taken.values()].reduce((a, b) => a + b, 0) + wanted > bytes) return undefined;
        next += 2 ** 24;
        taken.set(next, wanted);
        return next;
      },
      free: (address) => void taken.delete(address),
    },
  };
}

describe('classOf', () => {
  it('wastes at most an eighth, and never gives less', () => {
    for (let bytes = 1; bytes < 1e8; bytes = Math.ceil(bytes * 1.37)) {
      expect(classOf(bytes)).toBeGreaterThanOrEqual(bytes);
      expect(classOf(bytes)).toBeLessThanOrEqual(Math.max(bytes * 1.125, bytes + 256));
      expect(classOf(classOf(bytes))).toBe(classOf(bytes));
    }
  });
});

describe('Pool', () => {
  it('gives each its own exact piece, and frees it at once, where that is asked for', () => {
    const { source, taken } = device(2 ** 20);
    const pool = new Pool(source, Infinity, true);
    const [first, second] = [pool.allocate(1001), pool.allocate(5)];
    expect([...taken.values()]).toEqual([1001, 5]);
    pool.release(first);
    expect([...taken.values()]).toEqual([5]);
    pool.release(second);
    expect(pool.statistics()).toMatchObject({ used: 0, reserved: 0, allocations: 2, reuses: 0 });
  });

  it('gives a piece that came back out again, and counts', () => {
    const { source, taken } = device(2 ** 20);
    const pool = new Pool(source);
    const first = pool.allocate(1000);
    pool.release(first);
    const second = pool.allocate(1010);
    expect(second.address).toBe(first.address);
    expect(pool.statistics()).toEqual({ used: 1024, peak: 1024, reserved: 1024, allocations: 1, reuses: 1 });
    pool.release(second);
    pool.trim();
    expect([taken.size, pool.statistics().reserved]).toEqual([0, 0]);
  });

  it('frees what is kept before it says that there is no memory', () => {
    const { source } = device(4096);
    const pool = new Pool(source);
    pool.release(pool.allocate(4096));
    const small = pool.allocate(512);
    expect(() => pool.allocate(4096)).toThrow(/GS_BACKEND_MEMORY[\s\S]*while tensors hold 512/);
    pool.release(small);
    expect(pool.allocate(4096).bytes).toBe(4096);
  });

  it('keeps to its limit', () => {
    const pool = new Pool(device(2 ** 20).source, 2048);
    pool.allocate(2048);
    expect(() => pool.allocate(1)).toThrow(/limit is reached[\s\S]*at most 2048 bytes/);
  });

  it('gives a piece that a recorded step holds to nobody', () => {
    const pool = new Pool(device(2 ** 20).source);
    const held = pool.allocate(256);
    held.holds = 1;
    pool.release(held);
    expect([held.isWaiting, pool.statistics().used]).toEqual([true, 256]);
    expect(pool.allocate(256).address).not.toBe(held.address);
  });

  it('frees all at its end: what is kept when it is closed, the rest when it comes back, or everything at once', () => {
    const { source, taken } = device(2 ** 20);
    const [closed, destroyed] = [new Pool(source), new Pool(source)];
    const [a, b] = [closed.allocate(256), destroyed.allocate(256)];
    closed.close();
    expect(taken.size).toBe(2);
    closed.release(a);
    destroyed.destroy();
    expect(taken.size).toBe(0);
    destroyed.release(b);
    expect(destroyed.statistics()).toMatchObject({ used: 0, reserved: 0 });
  });
});
