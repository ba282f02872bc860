#pragma once
#include <string>

struct uint3;

namespace emulator {
struct Kernel;

/** A kernel by its name, or null. */
const Kernel* find(const std::string& name);

/** Runs all blocks of a kernel. False where threads wait for others that never come, or a block has no or too many threads. */
bool launch(const Kernel* kernel, uint3 grid, uint3 block, void** parameters);
}  // namespace emulator
