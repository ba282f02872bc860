import { GradstreamError } from '@gradstream/core';
import type { Summary_Value } from '@gradstream/formats/messages';
import type { ByteSource } from '@gradstream/formats/tfrecord';
import { readEvents } from './read-events.js';

/** A point of a curve. */
export interface ScalarPoint {
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
}

/**
 * The curves of a TensorBoard file: points by tag, in the file's order, in both forms that TensorBoard shows (tensors with the plugin
 * `scalars`, and plain `simple_value`). Other summaries are passed over. Throws what `readEvents` throws, and `GS_EVENT_MESSAGE` for a scalar without one value.
 */
export async function readScalars(source: ByteSource): Promise<ReadonlyMap<string, readonly ScalarPoint[]>> {
  const curves = new Map<string, ScalarPoint[]>();
  const plugins = new Map<string, string>();
  for await (const { what, step, wallTime } of readEvents(source)) {
    for (const value of what.case === 'summary' ? what.value.value : []) {
      const plugin = value.metadata?.pluginData?.pluginName;
      if (plugin !== undefined && !plugins.has(value.tag)) plugins.set(value.tag, plugin);
      if (value.value.case !== 'simpleValue' && plugins.get(value.tag) !== 'scalars') continue;
      const points = curves.get(value.tag) ?? [];
      points.push({ step: Number(step), time: wallTime * 1000, value: scalarOf(value) });
      curves.set(value.tag, points);
    }
  }
  return curves;
}

function scalarOf({ tag, value }: Summary_Value): number {
  if (value.case === 'simpleValue') return value.value;
  if (value.case === 'tensor') {
    const { floatVal, doubleVal, tensorContent } = value.value;
    if (tensorContent.length === 4)
      return new DataView(tensorContent.buffer, tensorContent.byteOffset, 4).getFloat32(0, true);
    const first = floatVal[0] ?? doubleVal[0];
    if (first !== undefined && tensorContent.length === 0) return first;
  }
  throw new GradstreamError('GS_EVENT_MESSAGE', {
    where: 'tensorboard/readScalars',
    what: `A value of "${tag}" is no scalar`,
    expected: 'one float',
    received: value.case === 'tensor' ? 'a tensor of another kind' : 'nothing',
    next: 'Read the file with readEvents to see what it holds.',
  });
}
