import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRun, type DatasetEvent, type GradstreamError, type Run } from '@gradstream/core';
import { obtainFiles, type Obtained, type ObtainOptions } from './obtain-files.js';

/** Two small files in the place of the four of MNIST. */
const contents = [idx([300, 20, 20], 1), idx([300], 2)] as const;
const [images, labels] = contents;
const files = [
  { name: 'images', shape: [300, 20, 20], sha256: sha256(images) },
  { name: 'labels', shape: [300], sha256: sha256(labels) },
];
const served: Readonly<Record<string, Uint8Array>> = { '/images.gz': gzipSync(images), '/labels.gz': gzipSync(labels) };

function idx(shape: readonly number[], factor: number): Uint8Array {
  const head = Buffer.alloc(4 + shape.length * 4);
  head.writeUInt32BE(0x800 + shape.length);
  shape.forEach((size, dimension) => head.writeUInt32BE(size, 4 + dimension * 4));
  const count = shape.reduce((product, size) => product * size, 1);
  return Buffer.concat([head, Uint8Array.from({ length: count }, (_, index) => (index * index * factor) >> 3)]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

let folder: string;
let cache: string;
let server: Server;
let source: string;
let requests: string[];
let answer: RequestListener;

const serveAll: RequestListener = (request, response) => {
  const bytes = served[request.url!];
  if (bytes === undefined) response.writeHead(404).end('<html>nothing here</html>');
  else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gradstream-datasets-'));
  cache = join(folder, 'cache', 'small');
  requests = [];
  answer = serveAll;
  server = createServer((request, response) => {
    requests.push(request.url!);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  source = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

function obtain(options: Partial<ObtainOptions> = {}): { run: Run<DatasetEvent, Obtained>; events: DatasetEvent[] } {
  const all: ObtainOptions = {
    files,
    folders: [join(folder, 'none')],
    cache,
    sources: [source],
    fetch: (url, init) => fetch(url, init),
    ...options,
  };
  const run = startRun<DatasetEvent, Obtained>((context) => obtainFiles(all, context));
  const events: DatasetEvent[] = [];
  run.events$.subscribe((event) => events.push(event));
  return { run, events };
}

async function failure(run: Promise<unknown>): Promise<GradstreamError> {
  return run.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => error as GradstreamError,
  );
}

const listed = async (path = cache): Promise<string[]> => (await readdir(path).catch(() => [])).toSorted();

describe('obtainFiles', () => {
  it('downloads into the cache, states its progress, and asks no server the next time', async () => {
    const { run, events } = obtain();
    const { arrays, folder: from } = await run;
    expect(arrays.map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ['uint8', [300, 20, 20]],
      ['uint8', [300]],
    ]);
    expect(Buffer.compare(arrays[0]!.values, images.subarray(16))).toBe(0);
    expect(from).toBe(cache);
    expect(await listed()).toEqual(['images.gz', 'labels.gz']);
    const progress = events.filter((event) => event.type === 'downloadProgress' && event.file === 'images.gz');
    const bytes = served['/images.gz']!.length;
    expect(progress.at(-1)).toMatchObject({ received: bytes, total: bytes });
    expect(events.filter(({ type }) => type === 'downloadEnd')).toMatchObject([
      { file: 'images.gz', bytes },
      { file: 'labels.gz' },
    ]);
    expect(events[0]!.time).toBeGreaterThan(Date.now() - 60_000);

    const again = obtain();
    expect((await again.run).arrays).toEqual(arrays);
    expect(requests).toHaveLength(2);
    expect(again.events).toEqual([]);
  });

  it('downloads only the files that are missing', async () => {
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, 'images'), images);
    await obtain().run;
    expect(requests).toEqual(['/labels.gz']);
    expect(await listed()).toEqual(['images', 'labels.gz']);
  });

  it('takes the first folder that has all files, packed or not', async () => {
    const [some, all] = [join(folder, 'some'), join(folder, 'all')];
    await Promise.all([some, all].map((path) => mkdir(path)));
    await writeFile(join(some, 'images'), images);
    await writeFile(join(all, 'images'), images);
    await writeFile(join(all, 'labels.gz'), served['/labels.gz']!);
    expect((await obtain({ folders: [some, all] }).run).folder).toBe(all);
    expect(requests).toEqual([]);
  });

  it('goes on to the next source where one fails', async () => {
    const { arrays } = await obtain({ sources: [`${source}/not-here`, `${source}/`] }).run;
    expect(arrays).toHaveLength(2);
    expect(requests).toEqual(['/not-here/images.gz', '/images.gz', '/not-here/labels.gz', '/labels.gz']);
  });

  const longer = gzipSync(Buffer.concat([labels, Buffer.alloc(1)]));
  const other = gzipSync(idx([300], 5));
  const cut = served['/images.gz']!.subarray(0, 1000);
  const faults: readonly (readonly [string, RequestListener, string])[] = [
    ['other contents', (_, response) => response.end(other), 'GS_IDX_SHAPE'],
    ['a page that says 200', (_, response) => response.end('<html>log in</html>'), 'GS_IDX_MAGIC'],
    ['status 404', (_, response) => response.writeHead(404).end('no'), '404'],
    ['status 500', (_, response) => response.writeHead(500).end(), '500'],
    ['no contents', (_, response) => response.writeHead(204).end(), '204'],
    ['a file cut short without a word', (_, response) => response.end(cut), 'GS_IDX_GZIP'],
    [
      'a length that is too large',
      (_, response) => response.writeHead(200, { 'content-length': 10 ** 9 }).end(),
      'GS_DATASET_SIZE',
    ],
    [
      'a connection that breaks midway',
      (_, response) => {
        response.writeHead(200, { 'content-length': 2000 }).write(cut);
        setTimeout(() => response.destroy(), 20);
      },
      'GS_DATASET_DOWNLOAD',
    ],
    [
      'a redirect in a circle',
      (request, response) => response.writeHead(302, { location: request.url! }).end(),
      'redirect',
    ],
  ];
  it.each(faults)('fails for %s, and leaves nothing behind', async (_, listener, reason) => {
    answer = listener;
    const error = await failure(obtain().run);
    expect(error.code).toBe('GS_DATASET_UNAVAILABLE');
    expect(error.message).toContain(reason);
    expect(error.message).toContain(source);
    expect(error.message).toContain(join(folder, 'none'));
    expect(await listed()).toEqual([]);
  });

  it('keeps what is whole where a later file has the wrong hash or the wrong size', async () => {
    for (const [bytes, reason] of [
      [other, 'GS_DATASET_HASH'],
      [longer, 'GS_IDX_TRAILING'],
    ] as const) {
      answer = (request, response) =>
        request.url === '/labels.gz' ? void response.end(bytes) : serveAll(request, response);
      const error = await failure(obtain().run);
      expect(error.message).toContain(reason);
      expect(await listed()).toEqual(['images.gz']);
    }
    expect(requests.filter((url) => url === '/images.gz')).toHaveLength(1);
  });

  it('stops a redirect to something huge at the size limit', async () => {
    let sent = 0;
    answer = (request, response) => {
      if (request.url !== '/huge') return void response.writeHead(302, { location: '/huge' }).end();
      const more = (): void => {
        while (!response.destroyed) {
          sent += 65536;
          if (!response.write(Buffer.alloc(65536))) return void response.once('drain', more);
        }
      };
      more();
    };
    const error = await failure(obtain().run);
    expect(error.message).toContain('GS_DATASET_SIZE');
    expect(await listed()).toEqual([]);
    // The limit is some 185 kB; what the system's buffers hold comes on top.
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  it('stops in the middle of a download, leaves nothing of it, and keeps the files before', async () => {
    answer = (request, response) => {
      if (request.url === '/images.gz') return serveAll(request, response);
      response.writeHead(200, { 'content-length': 400 }).write(served['/labels.gz']!.subarray(0, 100));
    };
    const { run } = obtain();
    run.events$.subscribe((event) => {
      if (event.type === 'downloadProgress' && event.file === 'labels.gz') run.stop('enough');
    });
    const error = await failure(run);
    expect(error.code).toBe('GS_DATASET_STOPPED');
    expect(error.received).toBe('enough');
    expect(await listed()).toEqual(['images.gz']);
  });

  it('stops while it waits for an answer, and before it reads', async () => {
    answer = () => {};
    const { run } = obtain();
    setTimeout(() => run.stop(), 50);
    expect((await failure(run)).code).toBe('GS_DATASET_STOPPED');

    answer = serveAll;
    await obtain().run;
    const early = obtain();
    early.run.stop();
    expect((await failure(early.run)).code).toBe('GS_DATASET_STOPPED');
  });

  it('says where it looked when there is no network, with the reason', async () => {
    const offline = (): Promise<Response> =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }));
    const error = await failure(obtain({ fetch: offline }).run);
    expect(error.code).toBe('GS_DATASET_UNAVAILABLE');
    for (const part of [join(folder, 'none'), cache, 'ENOTFOUND', 'GRADSTREAM_DATA', 'syntheticDigits'])
      expect(error.message).toContain(part);
    const off = await failure(obtain({ sources: [] }).run);
    expect(off.message).toContain('downloading is turned off');
  });

  it('refuses a damaged or a foreign file in a folder, by name', async () => {
    await mkdir(cache, { recursive: true });
    await writeFile(join(cache, 'labels.gz'), served['/labels.gz']!);
    await writeFile(join(cache, 'images'), idx([300, 20, 20], 3));
    const foreign = await failure(obtain().run);
    expect([foreign.code, foreign.where]).toEqual(['GS_DATASET_HASH', `datasets/mnist "${join(cache, 'images')}"`]);
    await writeFile(join(cache, 'images'), images.subarray(0, 500));
    expect((await failure(obtain().run)).code).toBe('GS_IDX_TRUNCATED');
    expect(requests).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'reports a file and a folder that it may not use (skipped for root)',
    async () => {
      await mkdir(cache, { recursive: true });
      await chmod(cache, 0o500);
      expect((await failure(obtain().run)).message).toContain('EACCES');
      await chmod(cache, 0o700);
      await writeFile(join(cache, 'images'), images, { mode: 0 });
      expect((await failure(obtain().run)).code).toBe('GS_DATASET_FILE');
    },
  );

  it('reports a cache folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const error = await failure(obtain({ cache: join(folder, 'file', 'cache') }).run);
    expect(error.code).toBe('GS_DATASET_UNAVAILABLE');
    expect(error.message).toContain('ENOTDIR');
  });
});
