import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildCublasLt,
  buildEmulator,
  sanitizerEnvironment,
  whyNoEmulator,
} from '../packages/backend-cuda/scripts/build-emulator.mjs';
import { bundle } from '../tools/gpu-check/bundle.mjs';

const run = promisify(execFile);
const reason = await whyNoEmulator();
const MINUTES = 60_000;

interface Cases {
  readonly ran: number;
  readonly failures: readonly unknown[];
  readonly digest: string;
}

describe.skipIf(reason !== undefined)(`all cases of kernels (${reason ?? 'on the emulator'})`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gradstream-cuda-checks-'));
    await bundle(folder, ['cases', 'tensor', 'tuned', 'speed']);
  }, 10 * MINUTES);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs every nth case in a process of its own. */
  async function cases(library: string, step: number, environment: Readonly<Record<string, string>>): Promise<Cases> {
    const env = {
      ...process.env,
      GPU_CHECK_HOME: folder,
      GPU_CHECK_OUT: folder,
      GRADSTREAM_CUDA_LIBRARY: library,
      ...environment,
    };
    await run(process.execPath, [join(folder, 'app/cases.mjs'), '', `${step}`], { env, maxBuffer: 2 ** 28 });
    return JSON.parse(readFileSync(join(folder, 'cases.json'), 'utf8')) as Cases;
  }

  it(
    'would be caught: a kernel that writes beyond its memory ends the process',
    async () => {
      const program = `
      const koffi = require('koffi');
      const driver = koffi.load(process.argv[1]);
      const out = [0n];
      const call = (name, list, ...values) => driver.func('int ' + name + '(' + list + ')')(...values);
      call('cuInit', 'uint', 0);
      call('cuDevicePrimaryCtxRetain', '_Out_ uint64*, int', out, 0);
      call('cuCtxSetCurrent', 'uint64', out[0]);
      call('cuStreamCreate', '_Out_ uint64*, uint', out, 1);
      const stream = out[0];
      call('cuMemAlloc_v2', '_Out_ uint64*, uint64', out, 100);
      const words = [BigUint64Array.of(BigInt(out[0])), Int32Array.of(Number(process.argv[3])), Int32Array.of(7)];
      const text = Buffer.concat([require('fs').readFileSync(process.argv[2]), Buffer.alloc(1)]);
      call('cuModuleLoadData', '_Out_ uint64*, void*', out, text);
      call('cuModuleGetFunction', '_Out_ uint64*, uint64, str', out, out[0], 'fill_words');
      const places = BigUint64Array.from(words, (array) => koffi.address(array));
      const sizes = [1, 1, 1, 32, 1, 1, 0];
      const list = 'uint64, uint, uint, uint, uint, uint, uint, uint, uint64, void*, void*';
      process.exitCode = call('cuLaunchKernel', list, out[0], ...sizes, stream, places, null);`;
      const library = await buildEmulator({ sanitize: true });
      const fill = (count: number): Promise<unknown> =>
        run(process.execPath, ['-e', program, library, join(folder, 'ptx/convert.ptx'), `${count}`], {
          env: { ...process.env, ...environment },
        });
      const environment = await sanitizerEnvironment();
      await fill(25);
      await expect(fill(26)).rejects.toThrow(/heap-buffer-overflow[\s\S]*convert\.cu/);
    },
    30 * MINUTES,
  );

  it(
    'read and write nothing beyond their tensors: AddressSanitizer, each tensor in a piece of its own',
    async () => {
      const environment = { ...(await sanitizerEnvironment()), GRADSTREAM_CUDA_EXACT_MEMORY: '1' };
      const { ran, failures } = await cases(await buildEmulator({ sanitize: true }), 1, environment);
      expect([ran > 7000, failures]).toEqual([true, []]);
      // The same for products by tensor cores.
      const env = { ...process.env, GPU_CHECK_HOME: folder, GPU_CHECK_OUT: folder, ...environment };
      const library = await buildEmulator({ sanitize: true, tensorCores: true });
      const { stdout } = await run(process.execPath, [join(folder, 'app/tensor.mjs'), 'small'], {
        env: { ...env, GRADSTREAM_CUDA_LIBRARY: library },
      });
      expect(stdout).toMatch(/tensor cores: 43 checked, 0 failed/);
    },
    30 * MINUTES,
  );

  it(
    'are checked and timed with cuBLAS and cuBLASLt too, as on a device',
    async () => {
      const env = {
        ...process.env,
        GPU_CHECK_HOME: folder,
        GPU_CHECK_OUT: folder,
        GPU_CHECK_SMALL: '1',
        GRADSTREAM_CUDA_LIBRARY: await buildEmulator({ tensorCores: true }),
        GRADSTREAM_CUBLAS: dirname(await buildCublasLt()),
      };
      const said = async (name: string, ...rest: string[]): Promise<string> =>
        (await run(process.execPath, [join(folder, `app/${name}.mjs`), ...rest], { env })).stdout;
      expect(await said('tuned')).toMatch(
        /tuned: 256 checked, 0 failed[\s\S]*60 of 60 finished products in one launch; .*; cuBLASLt 13\.1\.0/,
      );
      // Plain products and finished ones of cuBLAS, in three roundings and four orders, more than without it.
      expect(await said('tensor', 'small')).toMatch(/tensor cores: 67 checked, 0 failed/);
      const times = await said('speed', 'dense');
      expect(times).toMatch(/dense 104 x 104 x 104 TF32, captured: [\d.]+ ms {"launches":1}/);
      expect(times).toMatch(/dense 104 x 104 x 104 bf16, cuBLAS and a launch: [\d.]+ ms {"launches":2}/);
    },
    30 * MINUTES,
  );

  it(
    'give the same bits in whichever order threads and blocks take turns, and when work is done as late as it may be',
    async () => {
      const library = await buildEmulator();
      const plain = await cases(library, 5, {});
      expect([plain.ran > 1400, plain.failures]).toEqual([true, []]);
      for (const [threads, blocks, defer] of [
        ['r', 'r', '0'],
        ['a', 's', '1'],
        ['s', 'f', '1'],
      ] as const) {
        const other = await cases(library, 5, {
          GRADSTREAM_EMULATOR_ORDER: threads,
          GRADSTREAM_EMULATOR_BLOCKS: blocks,
          GRADSTREAM_EMULATOR_DEFER: defer,
        });
        expect({ threads, blocks, defer, ...other, launches: 0 }).toEqual({
          threads,
          blocks,
          defer,
          ...plain,
          launches: 0,
        });
      }
    },
    30 * MINUTES,
  );
});
