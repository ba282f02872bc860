export { augMix, type AugMixOptions } from './aug-mix.js';
export { autoContrast, type ValueRangeOptions } from './auto-contrast.js';
export { centerCrop } from './center-crop.js';
export {
  contrastLimitedAdaptiveHistogramEqualization,
  type ClaheOptions,
} from './contrast-limited-adaptive-histogram-equalization.js';
export { cutMix, type CutMixOptions } from './cut-mix.js';
export { equalization, type EqualizationOptions } from './equalization.js';
export { mixUp, type MixUpOptions } from './mix-up.js';
export { randAugment, type RandAugmentOptions } from './rand-augment.js';
export { randomBrightness } from './random-brightness.js';
export { randomColorDegeneration } from './random-color-degeneration.js';
export { randomColorJitter, type RandomColorJitterOptions } from './random-color-jitter.js';
export { randomContrast } from './random-contrast.js';
export { randomCrop } from './random-crop.js';
export { randomElasticTransform, type RandomElasticTransformOptions } from './random-elastic-transform.js';
export { randomErasing, type RandomErasingOptions } from './random-erasing.js';
export { randomFlip, type FlipMode } from './random-flip.js';
export { randomGaussianBlur, type RandomGaussianBlurOptions } from './random-gaussian-blur.js';
export { randomGrayscale, type RandomGrayscaleOptions } from './random-grayscale.js';
export { randomHue } from './random-hue.js';
export { randomInvert, type RandomInvertOptions } from './random-invert.js';
export { randomPerspective, type RandomPerspectiveOptions } from './random-perspective.js';
export { randomPosterization } from './random-posterization.js';
export { randomRotation } from './random-rotation.js';
export { randomSaturation } from './random-saturation.js';
export { randomSharpness } from './random-sharpness.js';
export { randomShear, type RandomShearOptions } from './random-shear.js';
export { randomTranslation } from './random-translation.js';
export { randomZoom, type RandomZoomOptions } from './random-zoom.js';
export { resizing, type ResizingOptions } from './resizing.js';
export { solarization, type SolarizationOptions } from './solarization.js';
export type { Factor } from '../../internal/factor.js';
export type { RandomColourOptions } from '../../internal/images/colour-options.js';
export type { ImageOptions, RandomImageOptions } from '../../internal/images/image-layer.js';
export type { SamplingOptions } from '../../internal/images/sampling-options.js';
