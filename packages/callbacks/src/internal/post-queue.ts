/** What sends: as much of `fetch` as is needed. */
export type PostFunction = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly ok: boolean; readonly status: number }>;

/** Where and how texts are sent. */
export interface PostSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly post: PostFunction;
  readonly maxWaiting: number;
  readonly timeoutMilliseconds: number;
}

/** Why something was not sent, and how much was dropped so far to make room. */
export interface PostFailure {
  readonly message: string;
  readonly dropped: number;
}

/** Sends texts one after another, beside everything else. What is waiting is bounded: the oldest makes room for the newest. */
export class PostQueue {
  readonly #settings: PostSettings;
  readonly #failed: (failure: PostFailure) => void;
  readonly #texts: string[] = [];
  #dropped = 0;
  #work: Promise<void> | undefined;

  constructor(settings: PostSettings, failed: (failure: PostFailure) => void) {
    this.#settings = settings;
    this.#failed = failed;
  }

  /** Texts that are not sent yet, the one under way included. */
  get waiting(): number {
    return this.#texts.length + (this.#work === undefined ? 0 : 1);
  }

  add(text: string): void {
    this.#texts.push(text);
    if (this.#texts.length > this.#settings.maxWaiting) {
      this.#texts.shift();
      this.#dropped++;
    }
    this.#work ??= this.#sendAll();
  }

  /** Waits until all is sent or given up, but no longer than so many milliseconds. Never rejects. */
  settled(milliseconds: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    return Promise.race([this.#work ?? Promise.resolve(), late]).finally(() => clearTimeout(timer));
  }

  async #sendAll(): Promise<void> {
    // The caller goes on first: sending must not throw into it.
    await Promise.resolve();
    for (let text = this.#texts.shift(); text !== undefined; text = this.#texts.shift()) {
      const problem = await this.#send(text);
      if (problem !== undefined) this.#failed({ message: problem, dropped: this.#dropped });
    }
    this.#work = undefined;
  }

  async #send(body: string): Promise<string | undefined> {
    const { url, headers, post, timeoutMilliseconds } = this.#settings;
    try {
      const signal = AbortSignal.timeout(timeoutMilliseconds);
      const { ok, status } = await post(url, { method: 'POST', headers: { ...headers }, body, signal });
      return ok ? undefined : `it answered with status ${status}`;
    } catch (error) {
      const { name, message } = Object(error) as { name?: unknown; message?: unknown };
      return name === 'TimeoutError' ? `no answer in ${timeoutMilliseconds / 1000} s` : String(message ?? error);
    }
  }
}
