// Products, reductions, and operations that put elements elsewhere.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "numbers.h"

namespace stub {

namespace {

/** An axis that may count from the end. */
size_t axisOf(const Call& call, double axis, size_t rank) {
  const auto place = static_cast<int64_t>(axis < 0 ? axis + static_cast<double>(rank) : axis);
  if (place < 0 || place >= static_cast<int64_t>(rank)) call.refuse("there is no axis " + std::to_string(axis));
  return static_cast<size_t>(place);
}

/** Elements before, along and behind an axis. */
struct Cut {
  size_t before = 1, along, behind = 1;
  Cut(const std::vector<int64_t>& sizes, size_t axis) : along(sizes[axis]) {
    for (size_t other = 0; other < sizes.size(); other++)
      if (other != axis) (other < axis ? before : behind) *= sizes[other];
  }
};

/** Batches of matrix products; the batches of both are the same, or one has a single matrix. */
Numbers product(const Call& call) {
  const auto &left = call.input(0), &right = call.input(1);
  if (left.sizes.size() < 2 || right.sizes.size() < 2) call.refuse("a matrix has two axes");
  if (left.type != right.type) call.refuse("the matrices have different types");
  const bool isBatch = call.name == "BatchMatMulV2";
  const bool turnLeft = call.attribute(isBatch ? "adj_x" : "transpose_a", 0) != 0;
  const bool turnRight = call.attribute(isBatch ? "adj_y" : "transpose_b", 0) != 0;
  const auto last = [](const Numbers& matrix, size_t back) { return matrix.sizes[matrix.sizes.size() - back]; };
  const int64_t rows = last(left, turnLeft ? 1 : 2), inner = last(left, turnLeft ? 2 : 1);
  const int64_t columns = last(right, turnRight ? 2 : 1);
  if (inner != last(right, turnRight ? 1 : 2))
    call.refuse("Matrix size-incompatible: In[0]: " + shapeText(left.sizes) + ", In[1]: " + shapeText(right.sizes));
  const std::vector<int64_t> leftBatch(left.sizes.begin(), left.sizes.end() - 2);
  const std::vector<int64_t> rightBatch(right.sizes.begin(), right.sizes.end() - 2);
  const int64_t lefts = elementCount(leftBatch), rights = elementCount(rightBatch);
  if (leftBatch != rightBatch && lefts != 1 && rights != 1) call.refuse("the batches do not fit");
  Numbers result{left.type, lefts >= rights ? leftBatch : rightBatch, {}};
  const int64_t batches = elementCount(result.sizes);
  result.sizes.insert(result.sizes.end(), {rows, columns});
  for (int64_t batch = 0; batch < batches; batch++) {
    const double* a = left.values.data() + (lefts == 1 ? 0 : batch * rows * inner);
    const double* b = right.values.data() + (rights == 1 ? 0 : batch * inner * columns);
    for (int64_t row = 0; row < rows; row++)
      for (int64_t column = 0; column < columns; column++) {
        double sum = 0;
        for (int64_t index = 0; index < inner; index++)
          sum += a[turnLeft ? index * rows + row : row * inner + index] *
                 b[turnRight ? column * inner + index : index * columns + column];
        result.values.push_back(sum);
      }
  }
  return result;
}

/** Sums or means over the axes in the second input. */
Numbers reduce(const Call& call) {
  const auto& x = call.input(0);
  std::vector<bool> isReduced(x.sizes.size(), false);
  for (const double axis : call.input(1).values) isReduced[axisOf(call, axis, x.sizes.size())] = true;
  Numbers result{x.type, {}, {}};
  std::vector<size_t> steps(x.sizes.size(), 0);
  size_t step = 1;
  for (size_t axis = x.sizes.size(); axis-- > 0;) {
    if (isReduced[axis]) continue;
    steps[axis] = step;
    step *= x.sizes[axis];
  }
  for (size_t axis = 0; axis < x.sizes.size(); axis++)
    if (!isReduced[axis] || call.attribute("keep_dims", 0) != 0) result.sizes.push_back(isReduced[axis] ? 1 : x.sizes[axis]);
  result.values.assign(step, 0);
  for (size_t element = 0; element < x.values.size(); element++) {
    size_t place = 0, rest = element;
    for (size_t axis = x.sizes.size(); axis-- > 0; rest /= x.sizes[axis]) place += steps[axis] * (rest % x.sizes[axis]);
    result.values[place] += x.values[element];
  }
  if (call.name == "Mean")
    for (double& value : result.values) value *= static_cast<double>(step) / static_cast<double>(x.values.size());
  return result;
}

Numbers argMax(const Call& call) {
  const auto& x = call.input(0);
  const size_t axis = axisOf(call, call.input(1).values.at(0), x.sizes.size());
  const Cut cut(x.sizes, axis);
  Numbers result{static_cast<TF_DataType>(call.attribute("output_type", TF_INT64)), x.sizes, {}};
  result.sizes.erase(result.sizes.begin() + static_cast<std::ptrdiff_t>(axis));
  for (size_t before = 0; before < cut.before; before++)
    for (size_t behind = 0; behind < cut.behind; behind++) {
      const double* first = x.values.data() + before * cut.along * cut.behind + behind;
      size_t best = 0;
      for (size_t index = 1; index < cut.along; index++)
        if (first[index * cut.behind] > first[best * cut.behind]) best = index;
      result.values.push_back(static_cast<double>(best));
    }
  return result;
}

/** Along the last axis. */
Numbers softmax(const Call& call) {
  Numbers result = call.input(0);
  if (result.sizes.empty()) call.refuse("logits have an axis");
  const size_t size = result.sizes.back();
  for (size_t first = 0; first < result.values.size(); first += size) {
    const auto begin = result.values.begin() + static_cast<std::ptrdiff_t>(first), end = begin + result.sizes.back();
    const double largest = *std::max_element(begin, end);
    double sum = 0;
    for (auto value = begin; value != end; ++value) sum += *value = std::exp(*value - largest);
    for (auto value = begin; value != end; ++value) *value /= sum;
  }
  return result;
}

Numbers cast(const Call& call) {
  Numbers result = call.input(0);
  result.type = static_cast<TF_DataType>(call.attribute("DstT", result.type));
  for (double& value : result.values)
    if (result.type == TF_BOOL)
      value = value != 0;
    else if (result.type != TF_FLOAT)
      value = std::isfinite(value) ? std::trunc(value) : std::numeric_limits<int32_t>::min();
  return result;
}

Numbers fill(const Call& call) {
  Numbers result{call.input(1).type, {}, {}};
  for (const double size : call.input(0).values) result.sizes.push_back(static_cast<int64_t>(size));
  result.values.assign(elementCount(result.sizes), call.input(1).values.at(0));
  return result;
}

Numbers expand(const Call& call) {
  Numbers result = call.input(0);
  const size_t axis = axisOf(call, call.input(1).values.at(0), result.sizes.size() + 1);
  result.sizes.insert(result.sizes.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  return result;
}

/** Stacks its inputs along a new first axis. */
Numbers pack(const Call& call) {
  Numbers result = call.input(0);
  if (call.attribute("axis", 0) != 0) throw Failure{TF_UNIMPLEMENTED, "stub: Pack along another axis than the first"};
  for (size_t index = 1; index < call.inputs.size(); index++) {
    const Numbers& input = call.inputs[index];
    if (input.sizes != result.sizes || input.type != result.type) call.refuse("Shapes of all inputs must match");
    result.values.insert(result.values.end(), input.values.begin(), input.values.end());
  }
  result.sizes.insert(result.sizes.begin(), static_cast<int64_t>(call.inputs.size()));
  return result;
}

Numbers select(const Call& call) {
  const auto &condition = call.input(0), &then = call.input(1), &otherwise = call.input(2);
  if (condition.type != TF_BOOL) call.refuse("a condition is true or false");
  if (then.sizes != otherwise.sizes || then.sizes != condition.sizes || then.type != otherwise.type)
    call.refuse("the shapes or types differ");
  Numbers result = then;
  for (size_t index = 0; index < result.values.size(); index++)
    if (condition.values[index] == 0) result.values[index] = otherwise.values[index];
  return result;
}

/** Along a new last axis. */
Numbers oneHot(const Call& call) {
  const auto& classes = call.input(0);
  if (call.attribute("axis", -1) != -1) throw Failure{TF_UNIMPLEMENTED, "stub: OneHot along another axis than the last"};
  const double depth = call.input(1).values.at(0);
  Numbers result{call.input(2).type, classes.sizes, {}};
  result.sizes.push_back(static_cast<int64_t>(depth));
  for (const double chosen : classes.values)
    for (double index = 0; index < depth; index++)
      result.values.push_back(call.input(index == chosen ? 2 : 3).values.at(0));
  return result;
}

const std::map<std::string, Operation> operations{
    {"ArgMax", argMax}, {"BatchMatMulV2", product}, {"Cast", cast},     {"ExpandDims", expand},
    {"Fill", fill},     {"MatMul", product},        {"Mean", reduce},   {"OneHot", oneHot},
    {"Pack", pack},     {"Select", select},         {"Softmax", softmax}, {"Sum", reduce},
};

}  // namespace

Operation structural(const std::string& name) {
  const auto found = operations.find(name);
  return found == operations.end() ? nullptr : found->second;
}

}  // namespace stub
