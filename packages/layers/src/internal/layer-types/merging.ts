import { add } from '../../merging/add.js';
import { average } from '../../merging/average.js';
import { concatenate } from '../../merging/concatenate.js';
import { dot } from '../../merging/dot.js';
import { maximum } from '../../merging/maximum.js';
import { minimum } from '../../merging/minimum.js';
import { multiply } from '../../merging/multiply.js';
import { subtract } from '../../merging/subtract.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** The layers that join inputs. */
export const MERGING_TYPES: LayerTypes = {
  Add: layerType(add),
  Average: layerType(average),
  Concatenate: layerType(concatenate),
  Dot: layerType(dot),
  Maximum: layerType(maximum),
  Minimum: layerType(minimum),
  Multiply: layerType(multiply),
  Subtract: layerType(subtract),
};
