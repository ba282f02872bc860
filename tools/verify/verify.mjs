// `npm run verify`: other programs read what gradstream writes. Trains a short run, then TensorBoard reads its logs, TensorFlow and Keras predict with
// its SavedModels, Python's safetensors reads its weights, and Keras builds the models of tools/zoo from their JSON and gives its own back. Needs the built packages and python3 with pip and venv; where these are missing it
// says so and ends well, with --require it fails. `--python PATH` takes a Python that has requirements.txt installed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { python, run } from './python.mjs';

const args = process.argv.slice(2);
const chosen = args.includes('--python') ? args[args.indexOf('--python') + 1] : undefined;
const folder = mkdtempSync(join(tmpdir(), 'gradstream-verify-'));

try {
  process.exitCode = await verify();
} finally {
  rmSync(folder, { recursive: true });
}

async function verify() {
  const { path, missing } = chosen === undefined ? await python() : { path: chosen };
  if (missing !== undefined) {
    console.log(`skipped: ${missing}`);
    return args.includes('--require') ? 1 : 0;
  }
  // Imported late, so that a skip needs no built packages.
  const { produce, readBack } = await import('./produce.mjs');
  const { produceGraphs, readGraphsBack } = await import('./graphs.mjs');
  await produce(folder);
  await produceGraphs(folder);
  const read = await run(path, [join(import.meta.dirname, 'verify.py'), folder], { timeout: 900_000 });
  if (!read.ok) {
    console.error(read.text);
    return 1;
  }
  const checks = JSON.parse(read.stdout);
  checks.push(await back(readBack), ...readGraphsBack(folder));
  print(checks);
  const failed = checks.filter(({ ok }) => !ok).length;
  console.log(`\n${checks.length - failed} checks passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** The way back: weights that Python wrote. */
async function back(readBack) {
  const subject = 'weights written by Python';
  try {
    const { count, wrong } = await readBack(folder);
    const seen = wrong.length > 0 ? `different: ${wrong.join(', ')}` : `${count} tensors, equal to the bit`;
    return { reader: 'gradstream', subject, ok: wrong.length === 0, seen };
  } catch (error) {
    return { reader: 'gradstream', subject, ok: false, seen: error.message };
  }
}

function print(checks) {
  const width = (key) => Math.max(...checks.map((check) => check[key].length));
  const [reader, subject] = [width('reader'), width('subject')];
  for (const check of checks) {
    console.log(
      `${check.ok ? 'ok    ' : 'FAILED'}  ${check.reader.padEnd(reader)}  ${check.subject.padEnd(subject)}  ${check.seen}`,
    );
  }
}
