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
  /** Loads a package: that registers its kernels and makes its backend active. */
  load(name: TensorflowPackage): Promise<unknown>;
  /** Whether the dynamic loader finds a library, by its name. */
  hasLibrary(name: string): boolean;
}

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
