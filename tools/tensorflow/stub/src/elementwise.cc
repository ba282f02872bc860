// Operations element by element.
#include <algorithm>
#include <cmath>
#include <map>

#include "numbers.h"

namespace stub {

namespace {

using One = double (*)(double);
using Two = double (*)(double, double);

const std::map<std::string, One> ones{
    {"Abs", [](double x) { return std::fabs(x); }},
    {"Exp", [](double x) { return std::exp(x); }},
    {"Log", [](double x) { return std::log(x); }},
    {"Neg", [](double x) { return -x; }},
    {"OnesLike", [](double) { return 1.0; }},
    {"Relu", [](double x) { return std::isnan(x) || x > 0 ? x : 0; }},
    {"Rsqrt", [](double x) { return 1 / std::sqrt(x); }},
    {"Sigmoid", [](double x) { return 1 / (1 + std::exp(-x)); }},
    {"Sqrt", [](double x) { return std::sqrt(x); }},
    {"Square", [](double x) { return x * x; }},
    {"Tanh", [](double x) { return std::tanh(x); }},
    {"ZerosLike", [](double) { return 0.0; }},
};

const std::map<std::string, Two> twos{
    {"Add", [](double x, double y) { return x + y; }},
    {"AddV2", [](double x, double y) { return x + y; }},
    {"Maximum", [](double x, double y) { return std::isnan(x) || x > y ? x : y; }},
    {"Minimum", [](double x, double y) { return std::isnan(x) || x < y ? x : y; }},
    {"Mul", [](double x, double y) { return x * y; }},
    {"RealDiv", [](double x, double y) { return x / y; }},
    {"SquaredDifference", [](double x, double y) { return (x - y) * (x - y); }},
    {"Sub", [](double x, double y) { return x - y; }},
};

/** Those whose result is true or false. */
const std::map<std::string, One> questions{
    {"IsNan", [](double x) { return std::isnan(x) ? 1.0 : 0.0; }},
    {"LogicalNot", [](double x) { return x == 0 ? 1.0 : 0.0; }},
};

const std::map<std::string, Two> comparisons{
    {"Equal", [](double x, double y) { return x == y ? 1.0 : 0.0; }},
    {"Greater", [](double x, double y) { return x > y ? 1.0 : 0.0; }},
    {"GreaterEqual", [](double x, double y) { return x >= y ? 1.0 : 0.0; }},
    {"Less", [](double x, double y) { return x < y ? 1.0 : 0.0; }},
    {"LessEqual", [](double x, double y) { return x <= y ? 1.0 : 0.0; }},
    {"LogicalAnd", [](double x, double y) { return x != 0 && y != 0 ? 1.0 : 0.0; }},
    {"NotEqual", [](double x, double y) { return x != y ? 1.0 : 0.0; }},
};

/** As TensorFlow: operations do not mix types. */
void checkTypes(const Call& call) {
  const auto wanted = static_cast<TF_DataType>(call.attribute("T", call.input(0).type));
  for (const Numbers& input : call.inputs)
    if (input.type != wanted)
      call.refuse("elements of type " + std::to_string(input.type) + " where type " + std::to_string(wanted) +
                  " was expected");
}

Numbers mapOne(const Call& call, One compute, bool isQuestion) {
  checkTypes(call);
  Numbers result = call.input(0);
  for (double& value : result.values) value = compute(value);
  if (isQuestion) result.type = TF_BOOL;
  return result;
}

/** The shape that both are stretched to. */
std::vector<int64_t> broadcast(const Call& call) {
  const auto &left = call.input(0).sizes, &right = call.input(1).sizes;
  std::vector<int64_t> sizes(std::max(left.size(), right.size()), 1);
  for (size_t back = 1; back <= sizes.size(); back++) {
    const int64_t a = back > left.size() ? 1 : left[left.size() - back];
    const int64_t b = back > right.size() ? 1 : right[right.size() - back];
    if (a != b && a != 1 && b != 1)
      call.refuse("Incompatible shapes: " + shapeText(left) + " vs. " + shapeText(right));
    sizes[sizes.size() - back] = a == 1 ? b : a;
  }
  return sizes;
}

/** Where an element of the stretched shape comes from. */
size_t source(const Numbers& numbers, const std::vector<int64_t>& sizes, size_t element) {
  size_t place = 0, step = 1;
  for (size_t back = 1; back <= numbers.sizes.size(); back++) {
    const int64_t size = numbers.sizes[numbers.sizes.size() - back];
    const int64_t stretched = sizes[sizes.size() - back];
    if (size != 1) place += step * (element % stretched);
    step *= size;
    element /= stretched;
  }
  return place;
}

Numbers mapTwo(const Call& call, Two compute, bool isQuestion) {
  const auto &left = call.input(0), &right = call.input(1);
  checkTypes(call);
  Numbers result{isQuestion ? TF_BOOL : left.type, broadcast(call), {}};
  const size_t count = elementCount(result.sizes);
  for (size_t element = 0; element < count; element++)
    result.values.push_back(compute(left.values[source(left, result.sizes, element)],
                                    right.values[source(right, result.sizes, element)]));
  return result;
}

}  // namespace

Operation elementwise(const std::string& name) {
  if (ones.count(name)) return [](const Call& call) { return mapOne(call, ones.at(call.name), false); };
  if (twos.count(name)) return [](const Call& call) { return mapTwo(call, twos.at(call.name), false); };
  if (questions.count(name)) return [](const Call& call) { return mapOne(call, questions.at(call.name), true); };
  if (comparisons.count(name)) return [](const Call& call) { return mapTwo(call, comparisons.at(call.name), true); };
  return nullptr;
}

}  // namespace stub
