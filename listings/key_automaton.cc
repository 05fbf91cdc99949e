#include "listings/key_automaton.h"

#include <algorithm>
#include <numeric>

namespace lenscap {
namespace {

constexpr uint32_t kNoKey = UINT32_MAX;
constexpr uint32_t kRowDepth = 2;
constexpr uint32_t kMaxRows = 4096;

}  // namespace

KeyAutomaton::KeyAutomaton(const std::vector<std::string>& keys) {
  if (keys.empty()) return;
  for (const std::string& key : keys) {
    for (const char c : key) classes_[static_cast<unsigned char>(c)] = 1;
  }
  for (uint16_t& byte_class : classes_) {
    if (byte_class != 0) byte_class = static_cast<uint16_t>(row_size_++);
  }
  // A state is a run of the sorted keys that begin with its text. Level by
  // level the runs are split by the next byte, which numbers states by depth.
  std::vector<uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return keys[a] < keys[b]; });
  struct Run {
    size_t begin, end;
  };
  std::vector<Run> runs = {{0, order.size()}};
  depths_ = {0};
  for (uint32_t state = 0; state < runs.size(); ++state) {
    const uint32_t depth = depths_[state];
    auto [at, end] = runs[state];
    keys_.push_back(kNoKey);
    // The shortest key of a run stands first.
    if (at < end && keys[order[at]].size() == depth) keys_[state] = order[at++];
    edge_starts_.push_back(edges_.size());
    while (at < end) {
      const char byte = keys[order[at]][depth];
      size_t next = at;
      while (next < end && keys[order[next]][depth] == byte) ++next;
      edges_.push_back({classes_[static_cast<unsigned char>(byte)],
                        static_cast<uint32_t>(runs.size())});
      runs.push_back({at, next});
      depths_.push_back(depth + 1);
      at = next;
    }
  }
  edge_starts_.push_back(edges_.size());
  const uint32_t states = runs.size();
  while (row_states_ < std::min(states, kMaxRows) &&
         depths_[row_states_] <= kRowDepth) {
    ++row_states_;
  }
  rows_.assign(size_t{row_states_} * row_size_, 0);
  fallbacks_.assign(states, 0);
  ends_.assign(states, 0);
  shorter_.assign(states, 0);
  // A fallback is shallower than its state, so it is finished before.
  for (uint32_t state = 0; state < states; ++state) {
    const uint32_t fallback = fallbacks_[state];
    shorter_[state] = ends_[fallback];
    ends_[state] = keys_[state] == kNoKey ? ends_[fallback] : state;
    if (state != 0 && state < row_states_) {
      std::copy_n(&rows_[size_t{fallback} * row_size_], row_size_,
                  &rows_[size_t{state} * row_size_]);
    }
    for (uint32_t e = edge_starts_[state]; e < edge_starts_[state + 1]; ++e) {
      const auto [byte_class, target] = edges_[e];
      if (state != 0) fallbacks_[target] = Step(fallback, byte_class);
      if (state < row_states_) {
        rows_[size_t{state} * row_size_ + byte_class] = target;
      }
    }
  }
}

}  // namespace lenscap
