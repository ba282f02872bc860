import { GradstreamError } from '@gradstream/core';
import { add, cast, equal, mod, mul, pad, reshape, scalar, tensor, where, type Tensor } from '@tensorflow/tfjs-core';
import { encodeCategories, encodedBuild } from '../../internal/encode-categories.js';
import { hashToBins } from '../../internal/hash-bins.js';
import {
  checkIntegerLookup,
  INTEGER_LOOKUP,
  type IntegerLookup,
  type IntegerLookupOptions,
} from '../../internal/integer-lookup-options.js';
import { findIntegers, integersAt } from '../../internal/lookup-integers.js';
import { checkLayerOptions, layerConfig } from '../../layer-options.js';
import type { Layer, LayerBuild } from '../../layer.js';

/**
 * A layer that gives whole numbers places: the mask's (0, with `int` alone), those of all other numbers, then the vocabulary's in its order. int32 of the input's shape.
 *
 * The places of Keras' IntegerLookup, by a search in the sorted vocabulary on the device. With `numOovIndices: 0` unknown numbers get place -1, which is nowhere in a
 * vector; Keras throws, but a step reads nothing back. Throws `GS_LAYER_ADAPT` at definition where there is no vocabulary yet.
 */
export function integerLookup(options: IntegerLookupOptions = {}): Layer {
  const site = 'layers/integerLookup';
  const common = checkLayerOptions(site, options, INTEGER_LOOKUP);
  const lookup = checkIntegerLookup(site, options);
  const { tokens, mode, tokenStart, maxTokens } = lookup;
  const size = tokens === undefined ? undefined : tokens.length + tokenStart;
  const depth = lookup.pad ? maxTokens! : (size ?? 0);
  const written = mode === 'tfIdf' ? 'count' : mode;
  return {
    type: 'IntegerLookup',
    ...common,
    inputDtype: 'any',
    build([inputShape], path): LayerBuild {
      if (tokens === undefined) throw withoutVocabulary(path);
      return encodedBuild('integerLookup', path, inputShape!, written, depth);
    },
    call(_, [x]): Tensor {
      const numbers = cast(x!, 'int32');
      if (lookup.invert) return integersAt(numbers, placesOf(lookup), lookup.oovToken);
      const places = reshape(placesFor(reshape(numbers, [numbers.size]), lookup), numbers.shape);
      const vectors = encodeCategories(places, written, depth);
      return lookup.idf === undefined ? vectors : mul(vectors, weights(lookup.idf, depth));
    },
    toConfig: () =>
      layerConfig('IntegerLookup', common, {
        invert: lookup.invert,
        maxTokens: maxTokens ?? null,
        numOovIndices: lookup.oov,
        oovToken: lookup.oovToken,
        maskToken: lookup.mask ?? null,
        outputMode: mode,
        sparse: false,
        padToMaxTokens: lookup.pad,
        vocabularyDtype: 'int64',
        idfWeights: options.idfWeights === undefined ? null : [...options.idfWeights],
        vocabulary: options.vocabulary === undefined ? null : [...options.vocabulary],
        vocabularySize: size ?? null,
        oovMethod: lookup.oovMethod,
        salt: lookup.salt === undefined ? null : [...lookup.salt],
      }),
  };
}

function placesOf({ tokens, mask, oov, oovStart, oovToken }: IntegerLookup): readonly number[] {
  return [...(oovStart === 1 ? [mask!] : []), ...Array.from({ length: oov }, () => oovToken), ...tokens!];
}

function placesFor(
  x: Tensor,
  { tokens, mask, mode, oov, oovStart, tokenStart, oovMethod, salt }: IntegerLookup,
): Tensor {
  const int = (value: number): Tensor => scalar(value, 'int32');
  const { place, found } = findIntegers(x, tokens!);
  const shared = (): Tensor => (oovMethod === 'farmhash' ? hashToBins(x, oov, salt) : mod(x, int(oov)));
  const other = oov === 0 ? int(-1) : oov === 1 ? int(oovStart) : add(shared(), int(oovStart));
  const known = where(found, add(place, int(tokenStart)), other);
  return mask === undefined ? known : where(equal(x, int(mask)), int(mode === 'int' ? 0 : -1), known);
}

function weights(idf: readonly number[], depth: number): Tensor {
  return pad(tensor([...idf], [idf.length], 'float32'), [[0, depth - idf.length]]);
}

function withoutVocabulary(path: string): GradstreamError {
  return new GradstreamError('GS_LAYER_ADAPT', {
    where: `layers/integerLookup "${path}"`,
    what: 'The vocabulary is not known yet',
    expected: 'a layer with a vocabulary',
    received: 'none',
    next: 'Give it one, or use the layer that adaptIntegerLookup(data, options) gives.',
  });
}
