import type { Config } from '@gradstream/core';
import { augMix } from '../../preprocessing/image/aug-mix.js';
import { autoContrast } from '../../preprocessing/image/auto-contrast.js';
import { melSpectrogram } from '../../preprocessing/audio/mel-spectrogram.js';
import { stftSpectrogram } from '../../preprocessing/audio/stft-spectrogram.js';
import { centerCrop } from '../../preprocessing/image/center-crop.js';
import { contrastLimitedAdaptiveHistogramEqualization } from '../../preprocessing/image/contrast-limited-adaptive-histogram-equalization.js';
import { cutMix } from '../../preprocessing/image/cut-mix.js';
import { equalization } from '../../preprocessing/image/equalization.js';
import { mixUp } from '../../preprocessing/image/mix-up.js';
import { randAugment } from '../../preprocessing/image/rand-augment.js';
import { randomBrightness } from '../../preprocessing/image/random-brightness.js';
import { randomColorDegeneration } from '../../preprocessing/image/random-color-degeneration.js';
import { randomColorJitter } from '../../preprocessing/image/random-color-jitter.js';
import { randomContrast } from '../../preprocessing/image/random-contrast.js';
import { randomCrop } from '../../preprocessing/image/random-crop.js';
import { randomElasticTransform } from '../../preprocessing/image/random-elastic-transform.js';
import { randomErasing } from '../../preprocessing/image/random-erasing.js';
import { randomFlip } from '../../preprocessing/image/random-flip.js';
import { randomGaussianBlur } from '../../preprocessing/image/random-gaussian-blur.js';
import { randomGrayscale } from '../../preprocessing/image/random-grayscale.js';
import { randomHue } from '../../preprocessing/image/random-hue.js';
import { randomInvert } from '../../preprocessing/image/random-invert.js';
import { randomPerspective } from '../../preprocessing/image/random-perspective.js';
import { randomPosterization } from '../../preprocessing/image/random-posterization.js';
import { randomRotation } from '../../preprocessing/image/random-rotation.js';
import { randomSaturation } from '../../preprocessing/image/random-saturation.js';
import { randomSharpness } from '../../preprocessing/image/random-sharpness.js';
import { randomShear } from '../../preprocessing/image/random-shear.js';
import { randomTranslation } from '../../preprocessing/image/random-translation.js';
import { randomZoom } from '../../preprocessing/image/random-zoom.js';
import { resizing } from '../../preprocessing/image/resizing.js';
import { solarization } from '../../preprocessing/image/solarization.js';
import { pipeline } from '../../preprocessing/pipeline.js';
import { rescaling } from '../../preprocessing/rescaling.js';
import { categoryEncoding } from '../../preprocessing/tabular/category-encoding.js';
import { discretization } from '../../preprocessing/tabular/discretization.js';
import { hashedCrossing } from '../../preprocessing/tabular/hashed-crossing.js';
import { hashing } from '../../preprocessing/tabular/hashing.js';
import { integerLookup } from '../../preprocessing/tabular/integer-lookup.js';
import { normalization } from '../../preprocessing/tabular/normalization.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that prepare inputs. */
export const PREPROCESSING_TYPES: LayerTypes = {
  AugMix: layerType(augMix),
  AutoContrast: layerType(autoContrast),
  CategoryEncoding: layerType(categoryEncoding, 'numTokens'),
  CenterCrop: layerType(centerCrop, 'height', 'width'),
  ContrastLimitedAdaptiveHistogramEqualization: layerType(contrastLimitedAdaptiveHistogramEqualization),
  CutMix: layerType(cutMix),
  Discretization: layerType(discretization),
  Equalization: layerType(equalization),
  HashedCrossing: layerType(hashedCrossing, 'numBins'),
  Hashing: layerType(hashing, 'numBins'),
  IntegerLookup: layerType(integerLookup),
  MelSpectrogram: layerType(melSpectrogram),
  MixUp: layerType(mixUp),
  Normalization: layerType(normalization),
  Pipeline: ({ layers, ...options }, inner) =>
    pipeline(Array.isArray(layers) ? layers.map((layer) => inner(layer as Config)) : [], options),
  RandAugment: layerType(randAugment),
  RandomBrightness: layerType(randomBrightness, 'factor'),
  RandomColorDegeneration: layerType(randomColorDegeneration, 'factor'),
  RandomColorJitter: layerType(randomColorJitter),
  RandomContrast: layerType(randomContrast, 'factor'),
  RandomCrop: layerType(randomCrop, 'height', 'width'),
  RandomElasticTransform: layerType(randomElasticTransform),
  RandomErasing: layerType(randomErasing),
  RandomFlip: layerType(randomFlip, 'mode'),
  RandomGaussianBlur: layerType(randomGaussianBlur),
  RandomGrayscale: layerType(randomGrayscale),
  RandomHue: layerType(randomHue, 'factor'),
  RandomInvert: layerType(randomInvert),
  RandomPerspective: layerType(randomPerspective),
  RandomPosterization: layerType(randomPosterization, 'factor'),
  RandomRotation: layerType(randomRotation, 'factor'),
  RandomSaturation: layerType(randomSaturation, 'factor'),
  RandomSharpness: layerType(randomSharpness, 'factor'),
  RandomShear: layerType(randomShear),
  RandomTranslation: layerType(randomTranslation, 'heightFactor', 'widthFactor'),
  RandomZoom: layerType(randomZoom, 'heightFactor'),
  Rescaling: layerType(rescaling, 'scale'),
  Resizing: layerType(resizing, 'height', 'width'),
  Solarization: layerType(solarization),
  // A config with all of its keys says null for no window and no scaling, which stand for something here: those left out of it are none.
  STFTSpectrogram: (options) =>
    stftSpectrogram(Object.hasOwn(options, 'dataFormat') ? { window: null, scaling: null, ...options } : options),
};
