import { join, resolve } from 'node:path';
import {
  checkOptions,
  describeValue,
  GradstreamError,
  startRun,
  type DatasetEvent,
  type HostArray,
  type Run,
} from '@gradstream/core';
import type { Dataset } from '../dataset.js';
import type { LabelledExample } from '../example.js';
import { fromArrays } from '../from-arrays.js';
import { rescale } from '../maps/rescale.js';
import type { TrainAndTest } from '../synthetic-digits/synthetic-digits.js';
import { cacheFolder, dataFolders } from './data-folders.js';
import type { Fetch } from './download-file.js';
import { mnistFiles, mnistSources } from './mnist-files.js';
import { obtainFiles } from './obtain-files.js';

/** Where MNIST comes from, and how it is given. */
export interface MnistOptions {
  /** The only folder to look in, with the files or with a folder `mnist` that has them: nothing is downloaded then. */
  readonly folder?: string;
  /** The folder for downloads. Default `mnist` in `gradstream` in the user's cache folder. */
  readonly cacheFolder?: string;
  /** Downloads what is on no folder. Default true. */
  readonly download?: boolean;
  /** Addresses of folders with the four `.gz` files, tried in order. Default two public copies. */
  readonly sources?: readonly string[];
  /** Used in place of the global `fetch`. */
  readonly fetch?: Fetch;
  /** Gives x as float32 in [0, 1] (default), or as uint8 from 0 to 255. */
  readonly normalize?: boolean;
}

/** MNIST, and where it was. */
export interface Mnist extends TrainAndTest {
  /** The folder the files were read from. */
  readonly folder: string;
}

/**
 * MNIST: 60,000 handwritten digits to train on and 10,000 to test on. x is `[28, 28]`, white on black, y the digit as int32.
 *
 * A run: it looks in `folder` alone where that is given, else in the folder that the environment's `GRADSTREAM_DATA` names, in `../shared/data/mnist`, in the user's cache
 * folder, and downloads what is missing there, with `downloadProgress` on `events$`. Each file is checked by shape and SHA-256 before it is
 * used, and appears in the cache only when it is whole. `stop()` ends the run with `GS_DATASET_STOPPED`; files that are whole are kept.
 *
 * Throws `GS_DATASET_UNAVAILABLE` with all that was tried. Differs from `keras.datasets.mnist.load_data()` in giving datasets, scaled unless
 * `normalize` is false. Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
 */
export function mnist(options: MnistOptions = {}): Run<DatasetEvent, Mnist> {
  checkOptions(where, options, ['folder', 'cacheFolder', 'download', 'sources', 'fetch', 'normalize']);
  const { folder, download = true, sources = mnistSources, normalize = true } = options;
  checkText('folder', folder);
  checkText('cacheFolder', options.cacheFolder);
  const cache = resolve(folder ?? options.cacheFolder ?? join(cacheFolder(), 'mnist'));
  const fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  return startRun(async (context) => {
    const folders = dataFolders('mnist', folder);
    const obtained = await obtainFiles(
      { files: mnistFiles, folders, cache, sources: download && folder === undefined ? sources : [], fetch },
      context,
    );
    const [trainImages, trainLabels, testImages, testLabels] = obtained.arrays;
    const examples = (x: HostArray, labels: HostArray): Dataset<LabelledExample> => {
      const y: HostArray<'int32'> = { dtype: 'int32', shape: labels.shape, values: Int32Array.from(labels.values) };
      const pixels = fromArrays<LabelledExample>({ x, y });
      return normalize ? pixels.map(rescale(1 / 255)) : pixels;
    };
    return {
      train: examples(trainImages!, trainLabels!),
      test: examples(testImages!, testLabels!),
      folder: obtained.folder,
    };
  });
}

const where = 'datasets/mnist';

function checkText(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: `The option "${name}" has a value that cannot be used`,
    expected: 'the path of a folder',
    received: describeValue(value),
    next: `Give "${name}" a path, or leave it out.`,
  });
}
