// The public names of @gradstream/callbacks/node: names only, one export a line.
export { csvLogger, type CsvLoggerOptions } from './csv-logger.js';
export { jsonLogger, type JsonLoggerFileOptions } from './json-logger.js';
export { svgFile } from './svg-file.js';
export { tensorBoard } from './tensor-board.js';
