// `npm run bench:layers`: milliseconds of each layer that tfjs-layers has too, forward and backward: gradstream on wasm-simd beside tfjs-layers on tfjs-backend-wasm, one
// thread each, in turns in one process, best of many. A row that is slower fails the run. Then training steps of small networks beside Keras on TensorFlow; see `steps.mjs`.
// `-- --only lstm` runs the rows whose name has that. PYTHON names a Python with Keras and TensorFlow.
import { bundleAll } from '../../bundle/bundle-package.mjs';

// What is measured is what the sources say now.
await bundleAll();
await import('./layers.mjs');
