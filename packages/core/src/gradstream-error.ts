/** The beats of an error: where it happened, what is wrong, what was expected and received, what to do next. */
export interface GradstreamErrorDetails {
  /** The part that noticed, for example `layers/dense "dense_2"`. */
  readonly where: string;
  /** What is wrong, one sentence without the full stop's explanation. */
  readonly what: string;
  /** What would have been right. */
  readonly expected: string;
  /** What was there instead. */
  readonly received: string;
  /** What the reader can do about it, as an instruction. */
  readonly next: string;
  /** The error underneath, where there is one. */
  readonly cause?: unknown;
}

/** A stable code: `GS_` and two or more words in capitals, for example `GS_LAYER_SHAPE`. */
export type ErrorCode = `GS_${string}`;

/**
 * The error that every package throws: a stable `code` and four beats.
 *
 * ```
 * GS_LAYER_SHAPE  [layers/dense "dense_2"] The input has 4 dimensions. Expected [batch, features]; received [null, 28, 28, 1].
 *                 Put flatten() before it.
 * ```
 */
export class GradstreamError extends Error {
  readonly code: ErrorCode;
  readonly where: string;
  readonly what: string;
  readonly expected: string;
  readonly received: string;
  readonly next: string;

  constructor(code: ErrorCode, details: GradstreamErrorDetails) {
    super(format(code, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GradstreamError';
    this.code = code;
    this.where = details.where;
    this.what = details.what;
    this.expected = details.expected;
    this.received = details.received;
    this.next = details.next;
  }
}

/** True for an error of this project, also one made by another copy of this package. */
export function isGradstreamError(value: unknown): value is GradstreamError {
  return (
    value instanceof Error &&
    typeof (value as { code?: unknown }).code === 'string' &&
    /^GS_/.test((value as unknown as { code: string }).code)
  );
}

function format(code: ErrorCode, { where, what, expected, received, next }: GradstreamErrorDetails): string {
  const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
  const indent = ' '.repeat(code.length + 2);
  return `${code}  [${where}] ${sentence(what)} Expected ${expected}; received ${sentence(received)}\n${indent}${sentence(next)}`;
}
