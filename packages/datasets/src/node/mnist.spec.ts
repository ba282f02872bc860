import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { dataFolders } from './data-folders.js';
import type { Fetch } from './download-file.js';
import { findFiles } from './find-files.js';
import { mnist } from './mnist.js';
import { mnistFiles } from './mnist-files.js';

/** A folder that has the four files, if there is one on this machine. */
async function findMnist(): Promise<string | undefined> {
  for (const folder of dataFolders('mnist', undefined)) {
    const paths = await findFiles(folder, mnistFiles);
    if (paths.every((path) => path !== undefined)) return folder;
  }
  return undefined;
}

const found = await findMnist();
const temporary = await mkdtemp(join(tmpdir(), 'gradstream-mnist-'));
afterAll(() => rm(temporary, { recursive: true }));

describe.skipIf(found === undefined)(
  'mnist (skipped where no folder on this machine has its files: set GRADSTREAM_DATA)',
  () => {
    it('gives images as uint8 and labels as int32, as load_data of Keras', async () => {
      const { train, test, folder } = await mnist({ folder: found!, normalize: false });
      expect(folder).toBe(found);
      expect([train.size, test.size]).toEqual([60_000, 10_000]);
      const [first] = await train.batch(10).take(1).toArray();
      expect([first!.x.dtype, first!.x.shape, first!.y.dtype]).toEqual(['uint8', [10, 28, 28], 'int32']);
      expect([...first!.y.values]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
      const [firstTest] = await test.take(8).batch(8).toArray();
      expect([...firstTest!.y.values]).toEqual([7, 2, 1, 0, 4, 1, 4, 9]);
    });

    it('scales to [0, 1] unless told otherwise: mean 0.1307, deviation 0.3081', async () => {
      const { train } = await mnist({ folder: found! });
      let [sum, squares, count] = [0, 0, 0];
      for await (const { x } of train.batch(1000)) {
        expect(x.dtype).toBe('float32');
        for (const value of x.values) {
          sum += value;
          squares += value * value;
        }
        count += x.values.length;
      }
      const mean = sum / count;
      expect(mean).toBeCloseTo(0.1307, 4);
      expect(Math.sqrt(squares / count - mean * mean)).toBeCloseTo(0.3081, 4);
    });

    it('downloads the four files, checks them, and finds them in the cache afterwards', async () => {
      vi.stubEnv('GRADSTREAM_DATA', '');
      const elsewhere = vi.spyOn(process, 'cwd').mockReturnValue(temporary);
      try {
        const cacheFolder = join(temporary, 'cache');
        const fetch = vi.fn<Fetch>(async (url) => {
          const [path] = (await findFiles(
            found!,
            mnistFiles.filter(({ name }) => `${name}.gz` === basename(url)),
          )) as [string];
          return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
        });
        const first = await mnist({ cacheFolder, fetch });
        expect(first.folder).toBe(cacheFolder);
        expect(fetch.mock.calls.map(([url]) => url)).toEqual(
          mnistFiles.map(({ name }) => `https://storage.googleapis.com/cvdf-datasets/mnist/${name}.gz`),
        );
        expect((await readdir(cacheFolder)).toSorted()).toEqual(mnistFiles.map(({ name }) => `${name}.gz`).toSorted());
        const again = await mnist({ cacheFolder, download: false });
        expect(await again.test.take(3).toArray()).toEqual(await first.test.take(3).toArray());
        expect(fetch).toHaveBeenCalledTimes(4);
      } finally {
        elsewhere.mockRestore();
        vi.unstubAllEnvs();
      }
    });
  },
);

describe('mnist', () => {
  it('looks in the folder that was named and nowhere else', async () => {
    const fetch = vi.fn<Fetch>();
    const error = (await mnist({ folder: join(temporary, 'mine'), fetch }).catch((reason: unknown) => reason)) as {
      code: string;
      message: string;
    };
    expect(error.code).toBe('GS_DATASET_UNAVAILABLE');
    expect(error.message).toContain('mine');
    expect(fetch).not.toHaveBeenCalled();
  });

  it('says where it looked when there are no files and no network', async () => {
    vi.stubEnv('GRADSTREAM_DATA', join(temporary, 'named'));
    const elsewhere = vi.spyOn(process, 'cwd').mockReturnValue(temporary);
    try {
      const run = mnist({
        cacheFolder: join(temporary, 'empty'),
        fetch: () => Promise.reject(new TypeError('fetch failed')),
      });
      const error = (await run.catch((reason: unknown) => reason)) as { code: string; message: string };
      expect(error.code).toBe('GS_DATASET_UNAVAILABLE');
      for (const part of ['named', 'empty', 'storage.googleapis.com', 'ossci-datasets', 'fetch failed'])
        expect(error.message).toContain(part);
    } finally {
      elsewhere.mockRestore();
      vi.unstubAllEnvs();
    }
  });
});
