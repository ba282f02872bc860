import { createRequire } from 'node:module';
import { isGradstreamError } from '@gradstream/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { runDoctor } from './commands/doctor.js';
import { trainMnist } from './commands/train-mnist.js';

const { version } = createRequire(import.meta.url)('gradstream/package.json') as { version: string };

/** A parser of whole numbers from a least one on. */
function wholeNumber(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= min && text.trim() !== '') return value;
    throw new InvalidArgumentError(`Expected a whole number, at least ${min}; received "${text}".`);
  };
}

const program = new Command('gradstream')
  .description('Train neural networks in TypeScript.')
  .version(version)
  .showHelpAfterError('(add --help for the options)');

program
  .command('doctor')
  .description('say what this machine can train on, and what is missing for more')
  .option('--json', 'print the report as JSON')
  .option('--kernels', 'name every kernel of every backend, and what the cpu backend serves')
  .action(runDoctor);

program
  .command('train-mnist')
  .description('train a small network on handwritten digits, evaluate, save and use it')
  .addOption(
    new Option('--data <name>', 'which digits; without it MNIST, or synthetic ones where MNIST cannot be had').choices([
      'mnist',
      'synthetic-digits',
    ]),
  )
  .option('--epochs <n>', 'epochs at most', wholeNumber(1), 5)
  .option('--batch <n>', 'samples a step', wholeNumber(1), 32)
  .option('--seed <n>', 'seed of everything random: same seed, same numbers', wholeNumber(0), 42)
  .option('--backend <name>', 'backend to compute on; without it the fastest that works')
  .option('--logs <folder>', 'folder for TensorBoard logs', 'logs')
  .option('--export <folder>', 'folder for the SavedModel', 'export/savedmodel')
  .action(trainMnist);

try {
  await program.parseAsync();
} catch (error) {
  if (!isGradstreamError(error)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
