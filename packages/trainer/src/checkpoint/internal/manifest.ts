import type { Json } from '@gradstream/core';
import { checkpointError, damaged } from '../checkpoint-error.js';
import { fromExactJson, toExactJson } from './exact-json.js';
import { JsonReader } from './json-reader.js';
import { manifestSeal, sealedBody } from './manifest-seal.js';
import { readRunState, type RunState } from './run-state.js';

/** The version of the manifest that is written and read. It changes when what is in it does. */
export const MANIFEST_VERSION = 3;
/** The largest manifest that is read, in bytes. */
export const MANIFEST_BYTES: number = 64 * 2 ** 20;

const FORMAT = 'gradstream-checkpoint';
const WHERE = 'trainer/checkpoint';

/** A tensor of the tensors' file: the CRC-32C of its bytes in 8 hexadecimal digits. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly checksum: string;
}

/** What a checkpoint's manifest says. */
export interface Manifest {
  /** When it was written, in milliseconds since 1970. */
  readonly time: number;
  /** What wrote it, by name: versions. */
  readonly software: Readonly<Record<string, string>>;
  /** The backend that computed it. */
  readonly backend: string;
  /** What was trained with what: compared with what is to be resumed. */
  readonly definition: Json;
  readonly run: RunState;
  /** Size of the tensors' file. */
  readonly bytes: number;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
}

/** The manifest's file. */
export function writeManifest(manifest: Manifest): Uint8Array {
  const body = {
    format: FORMAT,
    version: MANIFEST_VERSION,
    ...manifest,
    run: manifest.run as unknown as Json,
    tensors: Object.fromEntries(manifest.tensors) as unknown as Json,
  };
  return new TextEncoder().encode(manifestSeal(toExactJson(body)));
}

/**
 * Reads a manifest's file. Throws `GS_CHECKPOINT_DAMAGED` where it is not what was written or has an entry that cannot be used, and `GS_CHECKPOINT_VERSION` for
 * another version.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  const body = sealedBody(WHERE, bytes);
  let value: Json;
  try {
    value = fromExactJson(body);
  } catch (cause) {
    throw damaged(WHERE, 'The manifest is no JSON', 'JSON', String(cause), cause);
  }
  const manifest = new JsonReader(value, 'manifest');
  manifest.at('format').oneOf([FORMAT]);
  checkVersion(manifest.at('version').count());
  return {
    time: manifest.at('time').number(),
    software: Object.fromEntries(
      manifest
        .at('software')
        .entries()
        .map(([name, version]) => [name, version.text()]),
    ),
    backend: manifest.at('backend').text(),
    definition: manifest.at('definition').json(),
    run: readRunState(manifest.at('run')),
    bytes: manifest.at('bytes').count(),
    tensors: new Map(
      manifest
        .at('tensors')
        .entries()
        .map(([name, entry]) => [name, readEntry(entry)]),
    ),
  };
}

function readEntry(entry: JsonReader): TensorEntry {
  const checksum = entry.at('checksum');
  if (!/^[0-9a-f]{8}$/.test(checksum.text())) throw checksum.wrong('8 hexadecimal digits');
  return {
    dtype: entry.at('dtype').text(),
    shape: entry
      .at('shape')
      .items()
      .map((size) => size.count()),
    checksum: checksum.text(),
  };
}

function checkVersion(version: number): void {
  if (version === MANIFEST_VERSION) return;
  const older = version < MANIFEST_VERSION;
  throw checkpointError('GS_CHECKPOINT_VERSION', {
    where: WHERE,
    what: `The checkpoint was written by ${older ? 'an older' : 'a newer'} version`,
    expected: `a manifest of version ${MANIFEST_VERSION}`,
    received: `version ${version}`,
    next: older
      ? 'Its weights are in tensors.safetensors, under weights/: resume with the version that wrote it, or go on from the weights.'
      : 'Update gradstream to resume from it.',
  });
}
