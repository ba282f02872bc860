import { expect, it } from 'vitest';
import { Heap } from './heap.js';

const PAGE = 65_536;

function heapOf(megabytes: number, limit?: number): { heap: Heap; memory: WebAssembly.Memory } {
  const memory = new WebAssembly.Memory({ initial: megabytes * 16, maximum: 65_536 });
  return { heap: new Heap(memory, limit), memory };
}

it('gives aligned blocks that do not overlap', () => {
  const { heap } = heapOf(1);
  const blocks = [1, 63, 64, 65, 1000, 1024, 1025, 1153, 4096, 100_000, 3_000_001].map((bytes) => ({
    bytes,
    address: heap.allocate(bytes),
  }));
  for (const { address } of blocks) expect(address % 64).toBe(0);
  const sorted = blocks.sort((a, b) => a.address - b.address);
  expect(sorted[0]!.address).toBeGreaterThanOrEqual(PAGE);
  for (let index = 1; index < sorted.length; index++) {
    expect(sorted[index]!.address).toBeGreaterThanOrEqual(sorted[index - 1]!.address + sorted[index - 1]!.bytes);
  }
});

it('loses at most an eighth to size classes', () => {
  const { heap } = heapOf(1);
  for (const bytes of [1025, 1500, 5000, 33_000, 999_999]) {
    const before = heap.statistics().used;
    const address = heap.allocate(bytes);
    const size = heap.statistics().used - before;
    expect(size).toBeGreaterThanOrEqual(bytes);
    expect(size).toBeLessThanOrEqual(bytes * 1.125);
    heap.free(address, bytes);
  }
});

it('gives a freed block out again', () => {
  const { heap } = heapOf(1);
  const address = heap.allocate(5000);
  heap.allocate(5000);
  heap.free(address, 5000);
  expect(heap.allocate(4999)).toBe(address);
});

it('does not grow over 10,000 cycles of random sizes', () => {
  const { heap, memory } = heapOf(16);
  let state = 1;
  const random = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32;
  const live: { address: number; bytes: number }[] = [];
  let total = 0;
  for (let cycle = 0; cycle < 10_000; cycle++) {
    while (live.length > 40) {
      const [block] = live.splice(Math.floor(random() * live.length), 1);
      heap.free(block!.address, block!.bytes);
    }
    const bytes = Math.ceil(2 ** (random() * 17));
    live.push({ address: heap.allocate(bytes), bytes });
    if (cycle === 100) total = memory.buffer.byteLength;
  }
  expect(memory.buffer.byteLength).toBe(total);
  for (const { address, bytes } of live) heap.free(address, bytes);
  expect(heap.statistics()).toMatchObject({ used: 0, blocks: 0 });
});

it('joins freed neighbours into one large block before it grows', () => {
  const { heap, memory } = heapOf(4);
  const blocks = Array.from({ length: 48 }, () => heap.allocate(65_536));
  const total = memory.buffer.byteLength;
  for (const address of blocks) heap.free(address, 65_536);
  heap.allocate(3_000_000);
  expect(memory.buffer.byteLength).toBe(total);
});

it('says clearly that the memory is full', () => {
  const { heap } = heapOf(1, 2 * 1024 * 1024);
  heap.allocate(500_000);
  expect(() => heap.allocate(2_000_000)).toThrow(/GS_BACKEND_MEMORY .*2097152 bytes/s);
  expect(() => heap.allocate(100_000)).not.toThrow();
});

it('keeps addresses above 2 GiB positive', () => {
  const buffer = { byteLength: 1024 * 1024 };
  const memory = {
    buffer,
    grow: (pages: number) => (buffer.byteLength += pages * PAGE),
  } as unknown as WebAssembly.Memory;
  const heap = new Heap(memory);
  const first = heap.allocate(2 ** 31);
  const second = heap.allocate(2 ** 30);
  expect(second).toBe(first + 2 ** 31);
  heap.free(first, 2 ** 31);
  expect(heap.allocate(2 ** 31 - 5)).toBe(first);
  expect(() => heap.allocate(2 ** 31)).toThrow(/GS_BACKEND_MEMORY/);
});
