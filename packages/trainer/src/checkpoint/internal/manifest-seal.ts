import { crc32c } from '@gradstream/formats';
import { damaged } from '../checkpoint-error.js';

const FRAME = /^\{"checksum":"([0-9a-f]{8})","manifest":/;

/** A text of JSON with the checksum of its bytes in front, JSON again. */
export function manifestSeal(body: string): string {
  return `{"checksum":"${checksumOf(new TextEncoder().encode(body))}","manifest":${body}}\n`;
}

/** The text inside, where it is what was sealed. Throws `GS_CHECKPOINT_DAMAGED` where it is not. */
export function sealedBody(where: string, bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw damaged(where, 'The manifest is no text', 'UTF-8', `${bytes.length} bytes that are not`, cause);
  }
  const [frame, expected] = FRAME.exec(text) ?? [];
  if (frame === undefined || !text.endsWith('}\n'))
    throw damaged(
      where,
      'The manifest is not whole',
      '{"checksum":"...","manifest":...} to its end',
      `${bytes.length} bytes`,
    );
  const body = text.slice(frame.length, -2);
  const found = checksumOf(new TextEncoder().encode(body));
  if (found !== expected)
    throw damaged(where, 'The manifest is not what was written', `the checksum ${expected}`, found);
  return body;
}

/** The CRC-32C of bytes in 8 hexadecimal digits. */
export function checksumOf(bytes: Uint8Array): string {
  return crc32c(bytes).toString(16).padStart(8, '0');
}
