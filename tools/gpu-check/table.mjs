// One table of what the parts of the check found: `node table.mjs FOLDER`.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.';
const read = (name) =>
  existsSync(join(folder, `${name}.json`)) ? JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) : undefined;
const [cases, conformance, same, tuned, tensor, cudnn, digits, speed, reference] = [
  'cases',
  'conformance-cuda',
  'same',
  'tuned',
  'tensor',
  'cudnn',
  'digits',
  'speed',
  'reference',
].map(read);
const lines = [];
lines.push(`device: ${speed?.detail ?? same?.detail ?? 'unknown'}; PyTorch ${reference?.torch ?? 'not there'}`, '');
lines.push(
  `kernel cases: ${cases === undefined ? 'not run' : `${cases.ran} ran, ${cases.failures.length} shown as failed`}`,
);
lines.push(
  `conformance: ${conformance === undefined ? 'not run' : `${conformance.passed.length} passed, ${conformance.failed.length} failed`}`,
);
lines.push(
  `large sizes: ${tuned === undefined ? 'not run' : `${tuned.rows.length} checked, ${tuned.failures.length} wrong; ${tuned.about}`}`,
);
lines.push(
  `tensor cores: ${tensor === undefined ? 'not run' : `${tensor.rows.length} checked, ${tensor.failures.length} wrong`}`,
);
lines.push(
  cudnn?.found
    ? `cuDNN: ${cudnn.rows.length} convolutions checked against own kernels, ${cudnn.rows.filter(({ dnn }) => dnn).length} of them cuDNN's, ${cudnn.failures.length} wrong`
    : `cuDNN: ${cudnn === undefined ? 'not run' : `not used: ${cudnn.about}`}`,
);
for (const row of same?.rows ?? [])
  lines.push(
    `${row.name}: ${row.error ?? `losses against cpu ${row['eager against cpu']}, captured against eager ${row['captured against eager']}${row.reason ? `, not captured: ${row.reason}` : ''}`}`,
  );
for (const row of digits?.rows ?? [])
  lines.push(`${row.data}, ${row.name}: accuracy ${row.accuracy}, ${row.seconds.toFixed(1)} s`);
lines.push('', '| what | cuda ms | PyTorch ms | PyTorch / cuda | |', '|---|---|---|---|---|');
const other = new Map((reference?.rows ?? []).map((row) => [row.name, row]));
const all = new Map(other);
for (const row of speed?.rows ?? []) {
  // Own kernels and TF32 in steps stand beside the same row of PyTorch.
  const peer = [
    row.name,
    row.name.replace(/, (own kernels|cuBLAS and a launch)$/, ''),
    row.name.replace(/( TF32)?(, own kernels)?$/, '').replace(', with its batch', ''),
  ]
    .map((name) => all.get(name))
    .find((found) => found !== undefined);
  other.delete(row.name);
  if (row.error)
    lines.push(
      `| ${row.name} | ${row.error.slice(0, 120).replaceAll('\n', ' ')} | ${peer?.ms?.toFixed(4) ?? ''} | | |`,
    );
  else
    lines.push(
      `| ${row.name} | ${row.ms.toFixed(4)} | ${peer?.ms?.toFixed(4) ?? ''} | ${peer?.ms ? (peer.ms / row.ms).toFixed(2) : ''} | ${row.GBs ? `${row.GBs} GB/s, PyTorch ${peer?.GBs ?? ''}` : row.TFLOPS ? `${row.TFLOPS} TFLOPS, PyTorch ${peer?.TFLOPS ?? ''}` : row.launches ? `${row.launches} ${row.launches === 1 ? 'launch' : 'launches'}` : (row.reason ?? '')} |`,
    );
}
for (const row of other.values())
  lines.push(`| ${row.name} | | ${row.ms?.toFixed(4) ?? row.error} | | ${row.TFLOPS ? `${row.TFLOPS} TFLOPS` : ''} |`);
if (cudnn?.times?.length > 0) {
  const ways = ['cuDNN float32', 'own float32', 'cuDNN TF32', 'own TF32', 'own bf16'];
  lines.push('', `| convolution, ms | ${ways.join(' | ')} with casts |`, `|---|${'---|'.repeat(ways.length)}`);
  for (const row of cudnn.times)
    lines.push(`| ${row.name} | ${ways.map((way) => row[way]?.toFixed(4) ?? 'own kernels').join(' | ')} |`);
}
writeFileSync(join(folder, 'table.md'), `${lines.join('\n')}\n`);
console.log(lines.join('\n'));
