import type { Hold, Report, TrainingCommand, TrainingEvent } from '@gradstream/core';
import { Subject } from 'rxjs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { epochEnd, trainBegin, trainEnd } from '../fixtures/training-events.js';
import { remoteMonitor, type RemoteMonitorOptions } from './remote-monitor.js';

interface Request {
  readonly url: string;
  readonly body: string;
  readonly type: string;
}

/** Plays events to a callback whose server is a function. */
function stage(
  options: RemoteMonitorOptions = {},
  answer: (request: Request) => unknown = () => ({ ok: true, status: 200 }),
) {
  const requests: Request[] = [];
  const commands: TrainingCommand[] = [];
  const events = new Subject<TrainingEvent>();
  const post = async (url: string, init: { body: string; headers: Record<string, string> }): Promise<never> => {
    const request = { url, body: init.body, type: init.headers['content-type']! };
    requests.push(request);
    return (await answer(request)) as never;
  };
  const callback = remoteMonitor({ fetch: post as never, ...options });
  callback(events).subscribe((command) => commands.push(command));
  events.next(trainBegin(['loss']));
  return { events, requests, commands };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const body = (request: Request): unknown => JSON.parse(new URLSearchParams(request.body).get('data')!);

describe('remoteMonitor', () => {
  it('sends each epoch’s logs as Keras does, and asks training for nothing', async () => {
    const { events, requests, commands } = stage();
    events.next(epochEnd(0, { loss: 1.5, val_loss: NaN }));
    events.next(epochEnd(1, { loss: 1 }));
    expect(requests).toEqual([]);
    await settle();
    expect(requests.map(body)).toEqual([
      { epoch: 0, loss: 1.5, val_loss: null },
      { epoch: 1, loss: 1 },
    ]);
    expect(requests[0]).toMatchObject({
      url: 'http://localhost:9000/publish/epoch/end/',
      type: 'application/x-www-form-urlencoded',
    });
    events.next(trainEnd());
    expect(commands).toEqual([]);
  });

  it('sends JSON where asked, to any address, with headers', async () => {
    const { events, requests } = stage({
      root: 'https://example.org/',
      path: 'logs?run=1',
      sendAsJson: true,
      headers: { 'content-type': 'application/x-own' },
    });
    events.next(epochEnd(0, { loss: 1 }));
    await settle();
    expect(requests).toEqual([
      { url: 'https://example.org/logs?run=1', body: '{"epoch":0,"loss":1}', type: 'application/x-own' },
    ]);
  });

  it('reports a server that fails once, and tries on', async () => {
    let up = false;
    const { events, requests, commands } = stage({}, () => {
      if (!up) throw new Error('connection refused');
      return { ok: true, status: 200 };
    });
    for (const epoch of [0, 1]) events.next(epochEnd(epoch, { loss: 1 }));
    await settle();
    up = true;
    events.next(epochEnd(2, { loss: 1 }));
    await settle();
    expect(requests).toHaveLength(3);
    expect(commands).toMatchObject([
      { type: 'report', diagnosis: { name: 'remoteMonitorFailed', message: expect.stringContaining('refused') } },
    ]);
    const other = stage({}, () => ({ ok: false, status: 503 }));
    other.events.next(epochEnd(0, { loss: 1 }));
    await settle();
    expect((other.commands[0] as Report).diagnosis.message).toContain('status 503');
  });

  it('lets no more wait than it was told, and drops the oldest', async () => {
    let open = (_: unknown): void => {};
    const gate = new Promise((resolve) => (open = resolve));
    const { events, requests } = stage({ maxWaiting: 2 }, async () => {
      await gate;
      return { ok: true, status: 200 };
    });
    events.next(epochEnd(0, { loss: 1 }));
    await settle();
    for (const epoch of [1, 2, 3, 4]) events.next(epochEnd(epoch, { loss: 1 }));
    open(undefined);
    await settle();
    expect(requests.map((request) => (body(request) as { epoch: number }).epoch)).toEqual([0, 3, 4]);
  });

  it('gives a slow server a moment at the end, and no longer', async () => {
    const never = new Promise<never>(() => {});
    const { events, commands } = stage({ flushSeconds: 0.02 }, () => never);
    events.next(epochEnd(0, { loss: 1 }));
    await settle();
    events.next(trainEnd());
    expect(commands).toMatchObject([{ type: 'hold' }]);
    await (commands[0] as Hold).until;
  });

  it('talks to a real server, and gives up one that does not answer', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (chunk: unknown) => bodies.push(String(chunk)));
      request.on('end', () => {
        if (request.url === '/ok') response.end('thanks');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const run = async (path: string, timeoutSeconds: number): Promise<TrainingCommand[]> => {
        const events = new Subject<TrainingEvent>();
        const commands: TrainingCommand[] = [];
        const options = { root, path, sendAsJson: true, timeoutSeconds };
        remoteMonitor(options)(events).subscribe((command) => commands.push(command));
        events.next(epochEnd(3, { loss: 2 }));
        events.next(trainEnd());
        await (commands[0] as Hold).until;
        return commands.slice(1);
      };
      expect(await run('/ok', 20)).toEqual([]);
      expect(bodies).toEqual(['{"epoch":3,"loss":2}']);
      expect(await run('/silent', 0.3)).toMatchObject([
        { diagnosis: { message: expect.stringContaining('no answer in 0.3 s') } },
      ]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    [{ root: 'localhost:9000' }, 'GS_OPTION_VALUE'],
    [{ root: 'file:///etc' }, 'GS_OPTION_VALUE'],
    [{ root: 5 }, 'GS_OPTION_VALUE'],
    [{ path: 5 }, 'GS_OPTION_VALUE'],
    [{ field: '' }, 'GS_OPTION_VALUE'],
    [{ headers: 'x' }, 'GS_OPTION_VALUE'],
    [{ headers: { a: 1 } }, 'GS_OPTION_VALUE'],
    [{ sendAsJson: 'yes' }, 'GS_OPTION_VALUE'],
    [{ maxWaiting: 0 }, 'GS_OPTION_VALUE'],
    [{ timeoutSeconds: 0 }, 'GS_OPTION_VALUE'],
    [{ flushSeconds: -1 }, 'GS_OPTION_VALUE'],
    [{ fetch: 'fetch' }, 'GS_OPTION_VALUE'],
    [{ send_as_json: true }, 'GS_OPTION_UNKNOWN'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => remoteMonitor(options as never)).toThrow(expect.objectContaining({ code }));
  });
});
