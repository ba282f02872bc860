/** Where bytes go: a file, a buffer, an upload. Calls are made one after another; `close` ends it. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
