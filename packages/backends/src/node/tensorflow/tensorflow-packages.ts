import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The packages that bring TensorFlow's own library to Node.js, the one for GPUs first. */
export const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** The name of such a package. */
export type TensorflowPackage = (typeof TENSORFLOW_PACKAGES)[number];

/** What the adapter asks the machine. A test answers it itself. */
export interface TensorflowHost {
  /** The version of a package that is installed. Loads nothing of it. */
  versionOf(name: TensorflowPackage): string | undefined;
  /** Loads a package in a process of its own: the signal that ended that process, such as SIGSEGV, or undefined where it could end by itself. */
  crashOf(name: TensorflowPackage): Promise<string | undefined>;
  /** Loads a package: that registers its kernels and makes its backend active. */
  load(name: TensorflowPackage): Promise<unknown>;
  /** Whether the dynamic loader finds a library, by its name. */
  hasLibrary(name: string): boolean;
}

/** How long a package may take to load in a trial. Finding GPUs takes seconds. */
const TRIAL_MILLISECONDS = 60_000;

/** This machine, with what is installed beside this package. */
export const thisHost: TensorflowHost = {
  versionOf: (name) => {
    try {
      const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
      return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
    } catch {
      // Not installed: an answer like any other.
      return undefined;
    }
  },
  crashOf: (name) =>
    new Promise((resolve) => {
      const program = 'require(require("node:module").createRequire(process.argv[1]).resolve(process.argv[2]))';
      const trial = spawn(process.execPath, ['--eval', program, import.meta.url, name], {
        env: { TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env, ELECTRON_RUN_AS_NODE: '1' },
        stdio: 'ignore',
        timeout: TRIAL_MILLISECONDS,
        windowsHide: true,
      });
      // Where no process can be started, or this one hangs, loading the package here says more.
      trial.once('error', () => resolve(undefined));
      trial.once('exit', (_, signal) => resolve(trial.killed ? undefined : (signal ?? undefined)));
    }),
  load: async (name) => {
    // In a try block: bundlers leave an import that may fail alone where the package is not installed.
    try {
      if (name === '@tensorflow/tfjs-node') return await import('@tensorflow/tfjs-node');
      return await import('@tensorflow/tfjs-node-gpu');
    } catch (error) {
      throw error instanceof Error ? error : new Error(String(error));
    }
  },
  hasLibrary: (name) => {
    try {
      process.dlopen({ exports: {} }, name);
      return true;
    } catch (error) {
      // A library that is there is loaded and then found to be no addon of Node's: that is a yes.
      return /self-register/.test(String((error as Error).message));
    }
  },
};

/** A package's name without its scope, for people. */
export const shortName = (name: TensorflowPackage): string => name.replace(/^@tensorflow\//, '');
