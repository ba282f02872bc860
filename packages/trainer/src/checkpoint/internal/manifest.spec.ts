import type { Json } from '@gradstream/core';
import { describe, expect, it } from 'vitest';
import { content } from '../../../fixtures/checkpoint-content.js';
import { memoryCheckpoints } from '../memory-checkpoints.js';
import { fromExactJson, toExactJson } from './exact-json.js';
import { firstDifference } from './first-difference.js';
import { loadManifest, loadTensors } from './load-checkpoint.js';
import { manifestSeal } from './manifest-seal.js';
import { readManifest } from './manifest.js';
import { saveCheckpoint } from './save-checkpoint.js';

const sealed = (body: string): Uint8Array => new TextEncoder().encode(manifestSeal(body));

/** The manifest of a checkpoint with one entry changed, sealed again: what somebody would forge. */
async function forged(path: string, value: Json | undefined): Promise<Uint8Array> {
  const store = memoryCheckpoints();
  const { name } = await saveCheckpoint(store, 'a', content(), 2);
  const text = new TextDecoder().decode(await store.read(name, 'manifest.json', 1e6));
  const manifest = (fromExactJson(text) as { manifest: Json }).manifest;
  let place = manifest as Record<string, unknown>;
  const keys = path.split('.');
  for (const key of keys.slice(0, -1)) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[keys.at(-1)!];
  else place[keys.at(-1)!] = value;
  return sealed(toExactJson(manifest));
}

describe('a manifest', () => {
  it('keeps every number to the bit', () => {
    const numbers = [Number.NaN, Infinity, -Infinity, -0, 0.1 + 0.2, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53];
    expect(fromExactJson(toExactJson(numbers))).toEqual(numbers);
    expect(Object.is((fromExactJson(toExactJson([-0])) as number[])[0], -0)).toBe(true);
    expect(fromExactJson('{"$":"other","a":{"$":1}}')).toEqual({ $: 'other', a: { $: 1 } });
  });

  it.each<[string, string, Json | undefined, RegExp]>([
    ['another format', 'format', 'zip', /manifest.format/],
    ['a step that is NaN', 'run.models.0.steps', Number.NaN, /manifest.run.models\[0\].steps .*0 to 2147483647/s],
    ['a step beyond the counter', 'run.models.0.steps', 2 ** 31, /manifest.run.models\[0\].steps/],
    ['a negative epoch', 'run.position.epoch', -1, /manifest.run.position.epoch/],
    ['half a step', 'run.position.step', 0.5, /manifest.run.position.step/],
    ['a pass beyond all epochs', 'run.position.pass', 2 ** 40, /manifest.run.position.pass/],
    ['a batch that is a text', 'run.position.batch', '3', /manifest.run.position.batch/],
    ['no position', 'run.position', undefined, /manifest.run.position .*none/s],
    ['a position that is null', 'run.position', null, /manifest.run.position/],
    ['a key of 33 bits', 'run.key.low', 2 ** 32, /manifest.run.key.low/],
    ['another kind of clipping', 'run.models.0.clipping.by', 'hand', /models\[0\].clipping.by/],
    ['clipping at NaN', 'run.models.0.clipping.threshold', Number.NaN, /models\[0\].clipping.threshold/],
    ['no model', 'run.models', [], /manifest.run.models .*at least one/s],
    ['an accumulation of nothing', 'run.models.0.accumulation', 0, /models\[0\].accumulation/],
    ['time that runs backwards', 'run.position.elapsed', -1, /manifest.run.position.elapsed/],
    ['a begun that is a number', 'run.position.begun', 1, /manifest.run.position.begun/],
    ['an end without words', 'run.ended', {}, /manifest.run.ended.message/],
    ['a slot of a model that is not there', 'run.slots.0.model', 1, /manifest.run.slots\[0\].model/],
    ['slots that are no list', 'run.slots', {}, /manifest.run.slots/],
    ['meters without sums', 'run.meters.means', [{ weight: 1 }], /manifest.run.meters.means\[0\].sum/],
    ['a metric of a million tensors', 'run.meters.metrics', [1e6], /manifest.run.meters.metrics\[0\]/],
    ['a history of texts', 'run.history.history.loss', ['a'], /manifest.run.history.history.loss\[0\]/],
    ['something observed that there is not', 'run.observed.0.kind', 'thoughts', /manifest.run.observed\[0\].kind/],
    ['a window of half a step', 'run.observed.0.window', 0.5, /manifest.run.observed\[0\].window/],
    ['a window onto nothing there is', 'run.windows.0.kind', 'loss', /manifest.run.windows\[0\].kind/],
    ['a window of less than nothing', 'run.windows.0.steps', -1, /manifest.run.windows\[0\].steps/],
    ['a window onto tensors without names', 'run.windows.0.paths', [1], /manifest.run.windows\[0\].paths\[0\]/],
    ['callbacks without names', 'run.callbacks', [{ state: 1 }], /manifest.run.callbacks\[0\].name/],
    ['a negative size', 'bytes', -1, /manifest.bytes/],
    ['no tensors', 'tensors', undefined, /manifest.tensors/],
    ['a shape below zero', 'tensors.weights/dense/kernel.shape', [-3], /shape\[0\]/],
    ['a checksum that is none', 'tensors.weights/dense/kernel.checksum', 'xyz', /checksum/],
  ])('is refused with %s', async (_, path, value, message) => {
    const bytes = await forged(path, value);
    expect(() => readManifest(bytes)).toThrow(message);
    expect(() => readManifest(bytes)).toThrow(/GS_CHECKPOINT_DAMAGED/);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no frame', new TextEncoder().encode('{}')],
    ['no UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['no JSON', sealed('{')],
    ['a list', sealed('[]')],
    ['a prototype', sealed('{"__proto__":{"format":"gradstream-checkpoint"}}')],
    ['a hundred thousand lists', sealed('['.repeat(1e5) + ']'.repeat(1e5))],
  ])('is refused as %s', (_, bytes) => {
    expect(() => readManifest(bytes)).toThrow(/GS_CHECKPOINT_DAMAGED/);
  });

  it.each([
    [1, /GS_CHECKPOINT_VERSION .*older version.*weights/s],
    [4, /GS_CHECKPOINT_VERSION .*newer version.*Update/s],
  ])('of version %i is told apart', async (version, message) => {
    const bytes = await forged('version', version);
    expect(() => readManifest(bytes)).toThrow(message);
  });

  it.each<[string, string, Json | undefined, RegExp]>([
    ['a file that is said to be huge', 'bytes', 2 ** 52, /not whole.*4503599627370496 bytes/s],
    ['a file that is said to be small', 'bytes', 8, /too large.*at most 8 bytes/s],
    [
      'a tensor that is not there',
      'tensors.more',
      { dtype: 'float32', shape: [3], checksum: '00000000' },
      /"more" is not there/,
    ],
    ['a tensor that nobody knows', 'tensors.weights/dense/kernel', undefined, /does not know.*dense\/kernel/s],
    ['another shape', 'tensors.weights/dense/kernel.shape', [3, 1], /float32 \[3, 1\]/],
    ['a huge shape', 'tensors.weights/dense/kernel.shape', [2 ** 40, 2 ** 12], /is not there as/],
    ['another dtype', 'tensors.weights/dense/kernel.dtype', 'constructor', /is not there as/],
    ['another checksum', 'tensors.weights/dense/kernel.checksum', '00000000', /the checksum 00000000/],
  ])('is not believed about %s', async (_, path, value, message) => {
    const store = memoryCheckpoints();
    const { name } = await saveCheckpoint(store, 'a', content(), 2);
    const manifest = readManifest(await forged(path, value));
    await expect(loadTensors(store, name, manifest)).rejects.toThrow(message);
    await expect(loadTensors(store, name, manifest)).rejects.toThrow(/GS_CHECKPOINT_DAMAGED/);
    await expect(loadTensors(store, name, await loadManifest(store, name))).resolves.toBeDefined();
  });
});

describe('the first difference', () => {
  it.each<[Json, Json, string | null]>([
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, null],
    [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, 'a[1].b'],
    [{ a: 1, b: 2 }, { b: 3, a: 2 }, 'b'],
    [{ a: [1] }, { a: [1, 2] }, 'a[1]'],
    [{ a: [] }, { a: {} }, 'a'],
    [{ a: null }, {}, 'a'],
    [{}, { toString: 1 }, 'toString'],
    [{ a: Number.NaN }, { a: Number.NaN }, null],
  ])('between %j and %j is at %j', (saved, given, path) => {
    expect(firstDifference(saved, given)?.path ?? null).toBe(path);
  });
});
