// What the look-alikes of libraries share: failures that a test plans, how often each call was made, and what was made and not destroyed. Each library has its own.
#pragma once
#include <map>
#include <set>
#include <string>

namespace {

struct Planned {
  int calls, status;
};
std::map<std::string, Planned> planned;
std::map<std::string, long> called;
std::set<void*> alive;

/** What a call answers before it does anything: 0, or the failure that was planned for it. */
int begin(const char* name) {
  called[name]++;
  auto plan = planned.find(name);
  if (plan == planned.end() || plan->second.calls-- != 0) return 0;
  int status = plan->second.status;
  planned.erase(plan);
  return status;
}

template <class T>
int make(T** made) {
  alive.insert(*made = new T);
  return 0;
}
/** Gives `wrong` for what is not there, or not any more. */
template <class T>
int destroy(T* one, int wrong) {
  if (!alive.erase(one)) return wrong;
  delete one;
  return 0;
}
template <class... T>
bool areAlive(T*... one) {
  return (... && alive.count((void*)one));
}

}  // namespace

#define BEGIN(name) \
  if (int status = begin(#name)) return status;
