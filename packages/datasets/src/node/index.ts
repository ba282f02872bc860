// The public names of @gradstream/datasets/node: what needs files. Names only, one export a line.
export type { Fetch } from './download-file.js';
export { mnist, type Mnist, type MnistOptions } from './mnist.js';
