/** A file of a dataset: its name without `.gz`, and what it holds once unpacked. */
export interface DataFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** SHA-256 of the unpacked bytes, in hexadecimal: packing the same bytes again gives another gzip file. */
  readonly sha256: string;
}

/** The four files of MNIST, in the order of their names below. */
export const mnistFiles: readonly [
  trainImages: DataFile,
  trainLabels: DataFile,
  testImages: DataFile,
  testLabels: DataFile,
] = [
  {
    name: 'train-images-idx3-ubyte',
    shape: [60_000, 28, 28],
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  },
  {
    name: 'train-labels-idx1-ubyte',
    shape: [60_000],
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  },
  {
    name: 't10k-images-idx3-ubyte',
    shape: [10_000, 28, 28],
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  },
  {
    name: 't10k-labels-idx1-ubyte',
    shape: [10_000],
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  },
];

/** Where the four files can be downloaded: public copies of the original, which is no longer served by its authors. */
export const mnistSources: readonly string[] = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
];
