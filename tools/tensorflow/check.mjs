// `npm run tensorflow`: the real @tensorflow/tfjs-node-gpu and its adapter on a stand-in for TensorFlow's C library, which is built here, then both packages on the TensorFlow that pip installed, where
// there is one (PYTHON names the Python). npm fetches the packages without their install scripts, which would download TensorFlow. Needs Linux and g++.
import { hasCompiler } from './build-binding.mjs';
import { checkContract } from './contract.mjs';
import { checkReal } from './real.mjs';

/** Why nothing can be checked here, or undefined. */
async function whyNot() {
  if (process.platform !== 'linux') return 'the addon is built on Linux only';
  if (!hasCompiler()) return 'there is no g++';
  return (await checkContract()).reason;
}

const reason = await whyNot();
if (reason !== undefined) console.log(`skipped: ${reason}.`);
else {
  const { reason: notReal } = await checkReal();
  if (notReal !== undefined) console.log(`On pip's TensorFlow: not run, ${notReal}.`);
}
