// What is alive, and what is told of it.
#include <cstdio>
#include <map>
#include <unordered_map>

#include "stub.h"

namespace stub {

namespace {

/** Outlives everything that is handed out: never destroyed. */
std::unordered_map<const Object*, const char*>& living() {
  static auto* objects = new std::unordered_map<const Object*, const char*>;
  return *objects;
}

std::map<std::string, long>& copies() {
  static auto* devices = new std::map<std::string, long>;
  return *devices;
}

size_t memories = 0;
size_t memoryBytes = 0;

std::string json(const std::map<std::string, long>& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += (text.empty() ? "\"" : ",\"") + name + "\":" + std::to_string(count);
  return "{" + text + "}";
}

/** Tells at the end of the process what is left. */
struct Last {
  ~Last() { report("end"); }
} last;

}  // namespace

Object::Object(const char* kind) { living().emplace(this, kind); }
Object::~Object() { living().erase(this); }

void expectAlive(const Object* object, const char* call) {
  if (living().count(object) == 1) return;
  fprintf(stderr, "stub: %s was given what is %s.\n", call, object == nullptr ? "nothing" : "gone, or was never there");
  abort();
}

Memory::Memory(size_t bytes) : data(calloc(bytes == 0 ? 1 : bytes, 1)), bytes(bytes), release(nullptr), argument(nullptr) {
  memories++;
  memoryBytes += bytes;
}

Memory::Memory(void* data, size_t bytes, void (*release)(void*, size_t, void*), void* argument)
    : data(data), bytes(bytes), release(release), argument(argument) {
  memories++;
  memoryBytes += bytes;
}

Memory::~Memory() {
  memories--;
  memoryBytes -= bytes;
  if (release != nullptr)
    release(data, bytes, argument);
  else
    free(data);
}

void noteCopy(const std::string& device) { copies()[device]++; }

void report(const char* event) {
  const std::string path = setting("TF_STUB_REPORT");
  if (path.empty()) return;
  std::map<std::string, long> alive;
  for (const auto& [object, kind] : living()) alive[kind]++;
  alive["memories"] = static_cast<long>(memories);
  alive["bytes"] = static_cast<long>(memoryBytes);
  FILE* file = fopen(path.c_str(), "a");
  if (file == nullptr) {
    fprintf(stderr, "stub: %s cannot be written.\n", path.c_str());
    abort();
  }
  fprintf(file, "{\"event\":\"%s\",\"growth\":\"%s\",\"alive\":%s,\"copies\":%s}\n", event,
          setting("TF_FORCE_GPU_ALLOW_GROWTH").c_str(), json(alive).c_str(), json(copies()).c_str());
  fclose(file);
}

}  // namespace stub
