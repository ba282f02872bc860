/** Lets the host do what waits: timers, input, drawing. Cheaper than a timer where the host has something better. */
export function yieldToHost(): Promise<void> {
  const immediate = (globalThis as { setImmediate?: (done: () => void) => unknown }).setImmediate;
  if (immediate !== undefined) return new Promise((resolve) => immediate(resolve));
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (): void => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
