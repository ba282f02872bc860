// TensorFlow's C library as pip has it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const FIND = `
import importlib.util
spec = importlib.util.find_spec('tensorflow')
print(spec.submodule_search_locations[0] if spec else '')
`;

/** The headers and libraries of pip's TensorFlow, or why there are none that can be used. */
export function findTensorflow(python = process.env.PYTHON ?? 'python3') {
  const { stdout, error } = spawnSync(python, ['-c', FIND], { encoding: 'utf8' });
  if (error) return { reason: `${python} cannot be started: ${error.code}` };
  const folder = stdout.trim().split('\n').at(-1);
  if (!folder) return { reason: `${python} has no TensorFlow (pip install tensorflow)` };
  const missing = [...LIBRARIES, 'include/tensorflow/c/c_api.h'].filter((file) => !existsSync(join(folder, file)));
  if (missing.length > 0) return { reason: `${folder} lacks ${missing.join(', ')}` };
  return { include: join(folder, 'include'), libraries: LIBRARIES.map((name) => join(folder, name)) };
}
