import {
  checkBoolean,
  checkNumber,
  checkOptions,
  defineCallback,
  describeValue,
  GradstreamError,
  type Callback,
  type EpochEnd,
  type TrainingCommand,
} from '@gradstream/core';
import { finalize, merge, mergeMap, Subject } from 'rxjs';
import { PostQueue, type PostFailure, type PostFunction } from './internal/post-queue.js';

/** Options of `remoteMonitor`; the first five as in Keras. */
export interface RemoteMonitorOptions {
  /** The server, an address with `http:` or `https:`. Default `http://localhost:9000`. */
  readonly root?: string;
  /** What follows the root. Default `/publish/epoch/end/`. */
  readonly path?: string;
  /** The form field that the JSON is sent in. Default `data`. */
  readonly field?: string;
  /** Headers of each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends JSON as it is, in place of a form. Default false. */
  readonly sendAsJson?: boolean;
  /** Epochs that may wait; when there are more, the oldest is dropped. Default 64. */
  readonly maxWaiting?: number;
  /** Seconds after which a request is given up. Default 10. */
  readonly timeoutSeconds?: number;
  /** Seconds that the end of training waits for what is still to be sent. Default 2. */
  readonly flushSeconds?: number;
  /** What sends. Default: the host's `fetch`. */
  readonly fetch?: PostFunction;
}

const WHERE = 'callbacks/remoteMonitor';
const KNOWN = [
  'root',
  'path',
  'field',
  'headers',
  'sendAsJson',
  'maxWaiting',
  'timeoutSeconds',
  'flushSeconds',
  'fetch',
];

/**
 * Sends the logs of each epoch to a server, as Keras' `RemoteMonitor`: a POST of `{ epoch, ...logs }`, epochs 0-based, numbers that are none as null.
 *
 * Training never waits for it: requests are sent one after another beside it, and only the end of training gives them a moment. A server that does not
 * answer, or not with success, is reported once a training as `remoteMonitorFailed`, and the next epochs are tried again. Throws `GS_OPTION_*` for
 * options that cannot be used.
 */
export function remoteMonitor(options: RemoteMonitorOptions = {}): Callback {
  checkOptions(WHERE, options, KNOWN);
  const { headers = {}, sendAsJson = false, field = 'data' } = options;
  const url = urlOf(options.root ?? 'http://localhost:9000', options.path ?? '/publish/epoch/end/');
  checkText('field', field);
  checkBoolean(WHERE, 'sendAsJson', sendAsJson);
  if (typeof headers !== 'object' || headers === null || Object.values(headers).some((v) => typeof v !== 'string'))
    throw badOption('headers', 'a record of texts', headers);
  const limits = {
    maxWaiting: checkNumber(WHERE, 'maxWaiting', options.maxWaiting ?? 64, { min: 1, integer: true }),
    timeoutMilliseconds: 1000 * checkNumber(WHERE, 'timeoutSeconds', options.timeoutSeconds ?? 10, LONG),
  };
  const patience = 1000 * checkNumber(WHERE, 'flushSeconds', options.flushSeconds ?? 2, { min: 0, max: 3600 });
  const post = options.fetch ?? globalThis.fetch;
  if (typeof post !== 'function') throw badOption('fetch', 'a function as fetch', post);
  const contentType = sendAsJson ? 'application/json' : 'application/x-www-form-urlencoded';
  const sendOptions = { url, headers: { 'content-type': contentType, ...headers }, post, ...limits };
  const bodyOf = ({ epoch, logs }: EpochEnd): string => {
    const json = JSON.stringify({ epoch, ...logs });
    return sendAsJson ? json : new URLSearchParams({ [field]: json }).toString();
  };

  return defineCallback('remoteMonitor', (events$) => {
    const reports = new Subject<TrainingCommand>();
    let told = false;
    const queue = new PostQueue(sendOptions, (failure) => {
      if (!told) reports.next(failed(url, failure));
      told = true;
    });
    const answers$ = events$.pipe(
      mergeMap((event): TrainingCommand[] => {
        if (event.type === 'trainBegin') told = false;
        if (event.type === 'epochEnd') queue.add(bodyOf(event));
        return event.type === 'trainEnd' && queue.waiting > 0 ? [{ type: 'hold', until: queue.settled(patience) }] : [];
      }),
      finalize(() => reports.complete()),
    );
    return merge(answers$, reports);
  });
}

const LONG = { min: 0, max: 3600, exclusive: 'min' } as const;

function urlOf(root: unknown, path: unknown): string {
  checkText('path', path);
  const url = typeof root === 'string' && URL.canParse(`${root}${path}`) ? new URL(`${root}${path}`) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.href;
  throw badOption('root', 'an address with http: or https:', root);
}

function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '') throw badOption(name, 'a text', value);
}

function badOption(name: string, expected: string, value: unknown): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: `The option "${name}" has a value that cannot be used`,
    expected,
    received: describeValue(value),
    next: `Give "${name}" such a value, or leave it out.`,
  });
}

function failed(url: string, { message, dropped }: PostFailure): TrainingCommand {
  return {
    type: 'report',
    diagnosis: {
      name: 'remoteMonitorFailed',
      severity: 'warning',
      message: `${url} did not take an epoch's logs: ${message}`,
      evidence: { dropped },
      remedy: 'Start the server or correct the address; training goes on without it.',
    },
  };
}
