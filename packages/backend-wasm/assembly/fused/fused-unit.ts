import { crossEntropyUnit } from '../softmax/cross-entropy';
import { columnSumsUnit } from '../gemm/column-sums';
import { probabilityCrossEntropyUnit } from '../softmax/probability-cross-entropy';
import { softmaxGradientUnit } from '../softmax/softmax-gradient';
import { activationGradientUnit } from '../elementwise/activation-gradient';
import { affineGradientUnit, affineUnit } from '../normalization/affine';
import { columnMomentsUnit, columnProductsUnit } from '../normalization/columns';
import { layerNormGradientUnit, layerNormUnit } from '../normalization/layer-norm';
import { optimizerUnit } from '../optimizer/optimizer';
import { sumOfSquaresUnit } from '../optimizer/sum-of-squares';
import { resampleUnit } from '../movement/resample';
import { randomUnit } from '../random/random';
import { gruGradientUnit, gruUnit } from '../recurrent/gru';
import { lstmGradientUnit, lstmUnit } from '../recurrent/lstm';
import { weightProductsUnit, weightTilesUnit } from '../recurrent/weights';
import { statisticsUnit } from '../statistics/statistics';
import { Fused, fusedKind } from './span';

/** Runs one unit of the fused kernel that is under way. */
export function fusedUnit(unit: i32): void {
  switch (fusedKind()) {
    case Fused.ActivationGradient: activationGradientUnit(unit); break;
    case Fused.CrossEntropy: crossEntropyUnit(unit); break;
    case Fused.Random: randomUnit(unit); break;
    case Fused.Optimizer: optimizerUnit(unit); break;
    case Fused.SumOfSquares: sumOfSquaresUnit(unit); break;
    case Fused.Statistics: statisticsUnit(unit); break;
    case Fused.LayerNorm: layerNormUnit(unit); break;
    case Fused.LayerNormGradient: layerNormGradientUnit(unit); break;
    case Fused.ColumnMoments: columnMomentsUnit(unit); break;
    case Fused.ColumnProducts: columnProductsUnit(unit); break;
    case Fused.Affine: affineUnit(unit); break;
    case Fused.ColumnSums: columnSumsUnit(unit); break;
    case Fused.SoftmaxGradient: softmaxGradientUnit(unit); break;
    case Fused.ProbabilityCrossEntropy: probabilityCrossEntropyUnit(unit); break;
    case Fused.AffineGradient: affineGradientUnit(unit); break;
    case Fused.Lstm: lstmUnit(unit); break;
    case Fused.LstmGradient: lstmGradientUnit(unit); break;
    case Fused.Gru: gruUnit(unit); break;
    case Fused.GruGradient: gruGradientUnit(unit); break;
    case Fused.Resample: resampleUnit(unit); break;
    case Fused.WeightTiles: weightTilesUnit(unit); break;
    default: weightProductsUnit(unit);
  }
}
