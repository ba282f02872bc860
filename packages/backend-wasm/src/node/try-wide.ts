import { wideTrial } from './wide-trial.js';

/** What came of the trial: how many times as fast a product is, or why wide vectors are not used. */
export type WideTrialResult = { readonly gain: number; readonly reason?: undefined } | { readonly reason: string };

const FLAG = '--experimental-wasm-revectorize';
/** A module of this size is compiled in a tenth of a second. */
const TIMEOUT = 30_000;
/** Below this it is not worth an experiment. */
const LEAST_GAIN = 1.1;

/** Compiles the module twice, wide and narrow, and compares: all bits of the memory after the calls, and the time of one call. */
const CODE = `
const { readFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { bytes, shared, pages, operands, words, calls, timed } = JSON.parse(readFileSync(0, 'utf8'));
setFlagsFromString('--no-liftoff');
setFlagsFromString('--no-wasm-lazy-compilation');
const source = Buffer.from(bytes, 'base64');
const sides = [source, Buffer.concat([source, Uint8Array.of(0, 2, 1, 110)])].map((code, narrow) => {
  if (narrow) setFlagsFromString('--no-experimental-wasm-revectorize');
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory } });
  exports.writeConstants();
  const numbers = new Float32Array(memory.buffer, operands);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(i * 12.9898) * (i % 97 === 0 ? 120 : 3);
  for (const { at, values } of words) new Uint32Array(memory.buffer, at, values.length).set(values);
  for (const [name, ...values] of calls) exports[name](...values);
  return { exports, memory, best: Infinity };
});
const [wide, narrow] = sides;
const same = Buffer.compare(Buffer.from(wide.memory.buffer), Buffer.from(narrow.memory.buffer)) === 0;
const [name, ...values] = timed;
for (let round = 0; round < 200; round++) {
  for (const side of sides) {
    const start = performance.now();
    for (let i = 0; i < 50; i++) side.exports[name](...values);
    side.best = Math.min(side.best, performance.now() - start);
  }
}
console.log(JSON.stringify({ same, gain: narrow.best / wide.best }));
`;

/** Tries a module of wide functions in a process of its own: where V8 fails on it, it ends the process. */
export async function tryWide(bytes: Buffer, shared: boolean): Promise<WideTrialResult> {
  const { execFile } = await import('node:child_process');
  const output = await new Promise<string | { readonly reason: string }>((resolve) => {
    // Options of this process, such as loaders, are not for that one.
    const env = { ...process.env, NODE_OPTIONS: '' };
    const child = execFile(process.execPath, [FLAG, '-e', CODE], { env, timeout: TIMEOUT }, (error, stdout) =>
      resolve(error === null ? stdout : { reason: failure(error) }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify({ bytes: bytes.toString('base64'), shared, ...wideTrial() }));
  });
  if (typeof output !== 'string') return output;
  const { same, gain } = JSON.parse(output) as { same: boolean; gain: number };
  if (!same) return { reason: 'V8 computes other bits with them' };
  return gain >= LEAST_GAIN ? { gain } : { reason: `products are no faster with them here, ${gain.toFixed(2)} times` };
}

/** Node ends with 9 where it does not know an option; Linux counts the signals with which V8 ends a process. */
function failure(error: Error & { code?: unknown; signal?: string | null; killed?: boolean }): string {
  if (error.code === 9) return `this Node.js does not know V8's option ${FLAG}`;
  if (error.killed === true) return 'the process that tried them took too long';
  if (typeof error.signal === 'string') return `V8 fails on them, with ${error.signal}`;
  return `the process that tries them failed: ${error.message.split('\n', 1)[0]}`;
}
