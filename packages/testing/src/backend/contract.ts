import { engine, getBackend, scalar, square } from '@tensorflow/tfjs-core';
import type { BackendCheck, CheckedBackend } from './checked-backend.js';

/** What `useBackend()` and the doctor rely on. */
export const contractChecks: Readonly<Record<string, BackendCheck>> = {
  async 'says what it is or what is in the way, and nothing changes by being asked'(plugin) {
    const before = engine().backendName as string | null;
    const answers = [await plugin.probe(), await plugin.probe()];
    if (JSON.stringify(answers[0]) !== JSON.stringify(answers[1]))
      throw new Error(`Asked twice it says ${JSON.stringify(answers)}`);
    const after = engine().backendName as string | null;
    if (after !== before) throw new Error(`By being asked it made ${after} active in place of ${before}`);
    const [said] = answers as [Awaited<ReturnType<CheckedBackend['probe']>>];
    const texts = said.available ? [said.detail] : [said.reason, said.remedy];
    if (texts.some((text) => typeof text !== 'string' || text.trim() === ''))
      throw new Error(`It says nothing: ${JSON.stringify(said)}`);
    if (!said.available) throw new Error(`It cannot run here: ${said.reason}`);
  },

  async 'is active under its name once it is started, also when it is started again and twice at once'(plugin) {
    await plugin.start();
    await isActive(plugin);
    await plugin.start();
    await isActive(plugin);
    await Promise.all([plugin.start(), plugin.start()]);
    await isActive(plugin);
  },

  async 'counts what another backend does for it'(plugin) {
    const { kernels, calls } = plugin.fallbacks?.() ?? { kernels: [], calls: {} };
    if (!kernels.every((name) => typeof name === 'string')) throw new Error(`These are no names: ${kernels.join()}`);
    const wrong = Object.entries(calls).find(([, count]) => !(Number.isInteger(count) && count >= 0));
    if (wrong !== undefined) throw new Error(`${wrong[0]} is said to have been called ${wrong[1]} times`);
  },
};

async function isActive({ name }: CheckedBackend): Promise<void> {
  if (getBackend() !== name) throw new Error(`${getBackend()} is active after the start of ${name}`);
  const nine = square(scalar(3));
  const [value] = await nine.data();
  nine.dispose();
  if (value !== 9) throw new Error(`The square of 3 is ${value}`);
}
