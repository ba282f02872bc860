export type { BackendCheck, CheckedBackend } from './backend/checked-backend.js';
export { testBackend, type DeclareTest } from './backend/test-backend.js';
export { checkLayer, type CheckedLayer, type LayerCheck } from './check-layer.js';
export { checkTrains } from './check-trains.js';
export { gradientCheck, type GradientCheckOptions } from './gradient-check.js';
export {
  checkGradientRow,
  checkGradientRowOn,
  gradientRow,
  rowsOn,
  runKernel,
  uncoveredKernels,
  type GradientRow,
  type RowInput,
} from './gradient-rows.js';
export { expectMarbles, type MarbleScript } from './marbles.js';
export { outputOf, outputsOf } from './outputs-of.js';
export { expectAllClose, firstDifference, type Numbers, type Tolerance } from './to-be-all-close.js';
export { kernelCounts, withKernel, withoutKernel } from './with-kernel.js';
