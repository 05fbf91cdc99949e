#include "listings/key_automaton.h"

#include <algorithm>
#include <numeric>

namespace lenscap {
namespace {

// A state of more edges has a row, of a kibibyte.
constexpr uint32_t kMostEdges = 4;
// Those nearest to the root have them, if there are more.
constexpr size_t kMaxRows = 16'384;

}  // namespace

KeyAutomaton::KeyAutomaton(const std::vector<std::string>& keys) {
  if (keys.empty()) return;
  std::vector<uint32_t> order(keys.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](uint32_t a, uint32_t b) { return keys[a] < keys[b]; });
  // A state is a run of the sorted keys that begin with its text. States are
  // numbered in the order of their texts: one key's follow each other in
  // memory.
  struct Run {
    size_t begin, end;
    uint32_t bytes;
    size_t edge;  // That leads to it.
  };
  std::vector<Run> runs = {{0, order.size(), 0, 0}};
  std::vector<uint32_t> bytes;
  ends_.emplace_back();
  while (!runs.empty()) {
    auto [at, end, depth, edge] = runs.back();
    runs.pop_back();
    if (depth > 0) edges_[edge].target = static_cast<uint32_t>(states_.size());
    bytes.push_back(depth);
    State& state = states_.emplace_back();
    // The shortest key of a run stands first.
    if (keys[order[at]].size() == depth) {
      state.longest = static_cast<uint32_t>(ends_.size());
      ends_.push_back({order[at++], depth, 0});
    }
    state.edges = static_cast<uint32_t>(edges_.size());
    const size_t first = runs.size();
    while (at < end) {
      const char byte = keys[order[at]][depth];
      size_t next = at;
      while (next < end && keys[order[next]][depth] == byte) ++next;
      runs.push_back({at, next, depth + 1, edges_.size()});
      edges_.push_back({static_cast<unsigned char>(byte), 0});
      at = next;
    }
    std::reverse(runs.begin() + first, runs.end());
  }
  states_.emplace_back().edges = static_cast<uint32_t>(edges_.size());
  LinkStates(bytes);
}

void KeyAutomaton::LinkStates(const std::vector<uint32_t>& bytes) {
  // A fallback has fewer bytes than its state, so it is finished before.
  std::vector<uint32_t> by_bytes(bytes.size());
  std::iota(by_bytes.begin(), by_bytes.end(), 0);
  std::stable_sort(by_bytes.begin(), by_bytes.end(),
                   [&](uint32_t a, uint32_t b) { return bytes[a] < bytes[b]; });
  rows_.emplace_back();
  for (const uint32_t i : by_bytes) {
    State& state = states_[i];
    const uint32_t longest = states_[state.fallback].longest;
    if (state.longest != 0) {
      // No key is empty, so the root's is none.
      ends_[state.longest].shorter = longest;
    } else {
      state.longest = longest;
    }
    const uint32_t end = states_[i + 1].edges;
    for (uint32_t e = state.edges; e < end && i != 0; ++e) {
      states_[edges_[e].target].fallback =
          Step(state.fallback, static_cast<unsigned char>(edges_[e].byte));
    }
    if (i != 0 &&
        (end - state.edges <= kMostEdges || rows_.size() >= kMaxRows)) {
      continue;
    }
    auto& row = rows_.emplace_back();
    for (int byte = 0; byte < 256 && i != 0; ++byte) {
      row[byte] = Step(state.fallback, static_cast<unsigned char>(byte));
    }
    for (uint32_t e = state.edges; e < end; ++e) {
      row[edges_[e].byte] = edges_[e].target;
    }
    state.row = static_cast<uint32_t>(rows_.size() - 1);
  }
}

}  // namespace lenscap
