import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

const version = (name) =>
  JSON.parse(readFileSync(new URL(`../../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** What was measured and where; how busy the machine was before belongs to it. */
export function heading(detail) {
  console.log(
    `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}, Node ${process.version}; ${detail}; tfjs-layers ${version('@tensorflow/tfjs-layers')} on ` +
      `tfjs-backend-wasm ${version('@tensorflow/tfjs-backend-wasm')}, one thread`,
  );
}
