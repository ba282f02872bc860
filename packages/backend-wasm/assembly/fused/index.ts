export { activationGradient } from '../elementwise/activation-gradient';
export { crossEntropy } from '../softmax/cross-entropy';
export { random } from '../random/random';
export { optimizer } from '../optimizer/optimizer';
export { sumOfSquares } from '../optimizer/sum-of-squares';
export { statistics } from '../statistics/statistics';
export { layerNorm, layerNormGradient } from '../normalization/layer-norm';
export { batchNorm, batchNormGradient, batchNormScratch, fusedBatchNorm } from '../normalization/batch-norm';
