#ifndef LENSCAP_LISTINGS_KEY_AUTOMATON_H_
#define LENSCAP_LISTINGS_KEY_AUTOMATON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// Finds many keys in a text at once, every place of every one, in one pass:
// Aho and Corasick, "Efficient string matching", CACM 18(6), 1975. It has no
// cache that a text could fill, so time is linear in the text and what is
// found, whatever the text. Bytes, no case. Immutable and thread-safe.
class KeyAutomaton {
 public:
  // Keys are not empty and differ from each other.
  explicit KeyAutomaton(const std::vector<std::string>& keys);

  // Calls found(key, start, end) for each place, by `end`, and of those with
  // the same end the longest first. `key` is an index, the place [start, end).
  template <typename Found>
  void Scan(absl::string_view text, Found&& found) const {
    if (states_.empty()) return;
    uint32_t state = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      state = Step(state, static_cast<unsigned char>(text[i]));
      for (uint32_t s = states_[state].longest; s != 0; s = ends_[s].shorter) {
        found(static_cast<int>(ends_[s].key), i + 1 - ends_[s].bytes, i + 1);
      }
    }
  }

 private:
  // All that a step looks at, in one place: texts go from state to state all
  // over the memory.
  struct State {
    uint32_t edges = 0;  // Where its edges begin; they end at the next one's.
    // Where to go on without an edge: the longest end of the state's text that
    // is a state.
    uint32_t fallback = 0;
    uint32_t row = 0;  // Of rows_. 0: none.
    // Of ends_: the longest end of the state's text that is a key, itself
    // included. 0: none.
    uint32_t longest = 0;
  };
  struct Edge {
    uint32_t byte;
    uint32_t target;
  };
  // A key that ends where a state's text does.
  struct End {
    uint32_t key = 0;
    uint32_t bytes = 0;
    uint32_t shorter = 0;  // The next shorter one. 0: none.
  };

  uint32_t Step(uint32_t at, unsigned char byte) const {
    while (true) {
      const State& state = states_[at];
      if (state.row != 0) return rows_[state.row][byte];
      const uint32_t end = states_[at + 1].edges;
      for (uint32_t e = state.edges; e < end; ++e) {
        if (edges_[e].byte == byte) return edges_[e].target;
      }
      at = state.fallback;
    }
  }

  // Fills in all but edges; `bytes` of each state's text.
  void LinkStates(const std::vector<uint32_t>& bytes);

  // By their texts, and one more at the end. The first is the root.
  std::vector<State> states_;
  // Where each byte leads from the root and from states of many edges, which
  // texts come to most; the first is none. The others have their edges alone.
  std::vector<std::array<uint32_t, 256>> rows_;
  std::vector<Edge> edges_;
  std::vector<End> ends_;  // The first is none.
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_KEY_AUTOMATON_H_
