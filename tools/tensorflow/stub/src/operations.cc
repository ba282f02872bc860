// Finds an operation, gives it its numbers and stores what comes of it.
#include <cmath>

#include "numbers.h"

namespace stub {

namespace {

template <class Element>
std::vector<double> readAs(const Content& content) {
  const auto* elements = static_cast<const Element*>(content.memory->data);
  return {elements, elements + elementCount(content.sizes)};
}

template <class Element>
void storeAs(const Numbers& numbers, void* memory) {
  auto* elements = static_cast<Element*>(memory);
  for (size_t index = 0; index < numbers.values.size(); index++)
    elements[index] = static_cast<Element>(numbers.values[index]);
}

[[noreturn]] void noNumbers(TF_DataType type) {
  throw Failure{TF_UNIMPLEMENTED, "stub: nothing is computed with elements of type " + std::to_string(type)};
}

Numbers read(const Content& content) {
  switch (content.type) {
    case TF_FLOAT:
      return {content.type, content.sizes, readAs<float>(content)};
    case TF_INT32:
      return {content.type, content.sizes, readAs<int32_t>(content)};
    case TF_INT64:
      return {content.type, content.sizes, readAs<int64_t>(content)};
    case TF_BOOL:
      return {content.type, content.sizes, readAs<uint8_t>(content)};
    default:
      noNumbers(content.type);
  }
}

Content store(const Numbers& numbers) {
  const size_t width = TF_DataTypeSize(numbers.type);
  Content content{numbers.type, numbers.sizes, std::make_shared<Memory>(width * numbers.values.size())};
  switch (numbers.type) {
    case TF_FLOAT:
      storeAs<float>(numbers, content.memory->data);
      return content;
    case TF_INT32:
      storeAs<int32_t>(numbers, content.memory->data);
      return content;
    case TF_INT64:
      storeAs<int64_t>(numbers, content.memory->data);
      return content;
    case TF_BOOL:
      storeAs<uint8_t>(numbers, content.memory->data);
      return content;
    default:
      noNumbers(numbers.type);
  }
}

/** The same memory in another shape, one of whose sizes may be -1: the one that is left. */
Content reshape(const Call& call, const Content& content) {
  std::vector<int64_t> sizes;
  int64_t known = 1;
  for (const double size : call.input(1).values) {
    sizes.push_back(static_cast<int64_t>(size));
    if (size >= 0) known *= sizes.back();
  }
  const int64_t count = elementCount(content.sizes);
  for (int64_t& size : sizes)
    if (size == -1) size = known == 0 ? 0 : count / known;
  if (elementCount(sizes) != count)
    call.refuse("Input to reshape is a tensor with " + std::to_string(count) + " values, but the requested shape is " +
                shapeText(sizes));
  return {content.type, sizes, content.memory};
}

}  // namespace

const Numbers& Call::input(size_t index) const {
  if (index >= inputs.size()) refuse("input " + std::to_string(index) + " is missing");
  return inputs[index];
}

int64_t Call::attribute(const char* attributeName, int64_t otherwise) const {
  const auto found = attributes.find(attributeName);
  return found == attributes.end() || found->second.size() != 1 ? otherwise : found->second[0];
}

void Call::refuse(const std::string& why) const { throw Failure{TF_INVALID_ARGUMENT, name + ": " + why}; }

Content perform(const std::string& name, const std::vector<Content>& inputs, const Attributes& attributes) {
  const bool isReshape = name == "Reshape", isIdentity = name == "Identity";
  Operation operation = elementwise(name);
  if (operation == nullptr) operation = structural(name);
  if (operation == nullptr && !isReshape && !isIdentity)
    throw Failure{TF_UNIMPLEMENTED, "stub: there is no operation " + name};
  std::vector<Numbers> numbers;
  for (const Content& content : inputs) numbers.push_back(read(content));
  const Call call{name, numbers, attributes};
  if (isReshape) return call.input(0), reshape(call, inputs[0]);
  if (isIdentity) return call.input(0), inputs[0];
  Numbers result = operation(call);
  if (setting("TF_STUB_WRONG") == name && !result.values.empty()) result.values[0] += 1;
  return store(result);
}

}  // namespace stub
