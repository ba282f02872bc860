import { binaryUnit } from '../elementwise/binary';
import { unaryUnit } from '../elementwise/unary';
import { batchGemmUnit, gemmUnit, packBUnit } from '../gemm/gemm';
import { copyUnit } from '../movement/copy';
import { reduceUnit } from '../reduction/reduce';
import { softmaxUnit } from '../softmax/softmax';
import { fusedUnit } from '../fused/fused-unit';
import { convolutionUnit, packFilterUnit } from '../convolution/convolution';
import { filterGradientUnit } from '../convolution/filter-gradient';
import { poolGradientUnit } from '../pooling/pool-gradient';
import { poolUnit } from '../pooling/pool';
import { gradientPartUnit, gradientProductUnit, gradientTransformUnit } from '../convolution/winograd-gradient';
import { Job } from './job';

/** Runs one unit of a job. `lane` is the number of the thread, for scratch space of its own. */
export function runUnit(kind: i32, unit: i32, lane: i32): void {
  switch (kind) {
    case Job.PackB: packBUnit(unit); break;
    case Job.Gemm: gemmUnit(unit, lane); break;
    case Job.BatchGemm: batchGemmUnit(unit, lane); break;
    case Job.Unary: unaryUnit(unit); break;
    case Job.Binary: binaryUnit(unit); break;
    case Job.Reduce: reduceUnit(unit); break;
    case Job.Softmax: softmaxUnit(unit); break;
    case Job.Copy: copyUnit(unit); break;
    case Job.Fused: fusedUnit(unit); break;
    case Job.PackFilter: packFilterUnit(unit); break;
    case Job.Convolution: convolutionUnit(unit, lane); break;
    case Job.FilterGradient: filterGradientUnit(unit, lane); break;
    case Job.Pool: poolUnit(unit); break;
    case Job.PoolGradient: poolGradientUnit(unit); break;
    case Job.GradientTransform: gradientTransformUnit(unit, lane); break;
    case Job.GradientProduct: gradientProductUnit(unit); break;
    case Job.GradientPart: gradientPartUnit(unit, lane); break;
  }
}
