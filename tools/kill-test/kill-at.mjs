// `node --import kill-at.mjs program`: kills the process at the change number KILL_AT of the file system, counted from 0: before it, or in the middle of a write.
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

let left = Number(process.env.KILL_AT ?? Infinity);

const change = async (work, half) => {
  if (left-- === 0) {
    await half?.();
    process.kill(process.pid, 'SIGKILL');
    // A signal takes a moment: nothing happens in it.
    await new Promise(() => {});
  }
  return work();
};

for (const name of ['mkdir', 'rename', 'rm']) {
  const original = files[name];
  files[name] = (...args) => change(() => original(...args));
}
const { open } = files;
files.open = async (path, flags, ...more) => {
  const file = flags === 'r' ? await open(path, flags) : await change(() => open(path, flags, ...more));
  const { write, sync } = file;
  file.write = (bytes, offset, length) =>
    change(
      () => write.call(file, bytes, offset, length),
      () => write.call(file, bytes, offset, length >> 1),
    );
  file.sync = () => change(() => sync.call(file));
  return file;
};
syncBuiltinESMExports();
