// Whether the stand-in declares what TensorFlow declares: the same types of functions, the same numbers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './build-binding.mjs';
import { STUB_INCLUDE } from './stub/build-stub.mjs';

const HEADERS = ['c_api.h', 'eager/c_api.h', 'tf_datatype.h', 'tf_status.h', 'tf_tensor.h'].map(
  (name) => `tensorflow/c/${name}`,
);

/** Of a name that TensorFlow's headers give to a function of C++ too: the one of C. */
const OVERLOADED = {
  TFE_NewTensorHandle: 'static_cast<TFE_TensorHandle* (&)(const TF_Tensor*, TF_Status*)>(TFE_NewTensorHandle)',
};

/** A program that writes the type of each function and the number of each constant, as the headers in its path of includes have them. */
function program(functions, constants) {
  const lines = [
    ...functions.map(
      (name) => `printf("${name} %s\\n", text(typeid(decltype(${OVERLOADED[name] ?? name})).name()).c_str());`,
    ),
    ...constants.map((name) => `printf("${name} %d\\n", static_cast<int>(${name}));`),
  ];
  return `#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <regex>
#include <string>
#include <typeinfo>
${HEADERS.map((name) => `#include "${name}"`).join('\n')}
// TensorFlow's own headers have one type under two names.
std::string text(const char* name) {
  return std::regex_replace(abi::__cxa_demangle(name, nullptr, nullptr, nullptr), std::regex("TSL_"), "TF_");
}
int main() {
  ${lines.join('\n  ')}
}
`;
}

/** Compares the declarations with the headers in a folder. Throws for the first that differs; gives how many there are. */
export function compareHeaders(include) {
  const text = HEADERS.map((name) => readFileSync(join(STUB_INCLUDE, name), 'utf8')).join('\n');
  const functions = [...text.matchAll(/\b(TFE?_\w+)\(/g)].map(([, name]) => name);
  const constants = [...text.matchAll(/\b(TF_[A-Z0-9_]+) = \d+/g)].map(([, name]) => name);
  const folder = mkdtempSync(join(tmpdir(), 'gradstream-headers-'));
  try {
    writeFileSync(join(folder, 'types.cc'), program(functions, constants));
    const [ours, theirs] = [STUB_INCLUDE, include].map((path) => {
      const output = join(folder, 'types');
      compile(['-std=c++17', `-I${path}`, join(folder, 'types.cc'), '-o', output]);
      return spawnSync(output, { encoding: 'utf8' }).stdout.trim().split('\n');
    });
    assert.equal(ours.length, functions.length + constants.length);
    assert.deepEqual(ours, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return `${functions.length} functions, ${constants.length} numbers`;
}
