// Numbers as operations compute with them: doubles, rounded to the type of their tensor when they are stored.
#pragma once

#include <string>
#include <vector>

#include "stub.h"

namespace stub {

struct Numbers {
  TF_DataType type;
  std::vector<int64_t> sizes;
  std::vector<double> values;
};

/** What an operation is asked to do. */
struct Call {
  const std::string& name;
  const std::vector<Numbers>& inputs;
  const Attributes& attributes;

  /** Throws a Failure where there are fewer inputs. */
  const Numbers& input(size_t index) const;
  /** The attribute, or `otherwise` where it was not given. */
  int64_t attribute(const char* attributeName, int64_t otherwise) const;
  [[noreturn]] void refuse(const std::string& why) const;
};

using Operation = Numbers (*)(const Call&);

/** Operations element by element, with broadcasting; null for other names. */
Operation elementwise(const std::string& name);
/** All other operations; null for those that are not there. */
Operation structural(const std::string& name);

}  // namespace stub
