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
    if (rows_.empty()) return;
    uint32_t state = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      state = Step(state, classes_[static_cast<unsigned char>(text[i])]);
      for (uint32_t s = ends_[state]; s != 0; s = shorter_[s]) {
        found(static_cast<int>(keys_[s]), i + 1 - depths_[s], i + 1);
      }
    }
  }

 private:
  struct Edge {
    uint32_t byte_class;
    uint32_t target;
  };

  uint32_t Step(uint32_t state, uint32_t byte_class) const {
    while (state >= row_states_) {
      for (uint32_t e = edge_starts_[state]; e < edge_starts_[state + 1]; ++e) {
        if (edges_[e].byte_class == byte_class) return edges_[e].target;
      }
      state = fallbacks_[state];
    }
    return rows_[state * row_size_ + byte_class];
  }

  // Of a byte; 0: in no key.
  std::array<uint16_t, 256> classes_ = {};
  uint32_t row_size_ = 1;
  // States are numbered by depth; the shallow ones, which nearly all texts stay
  // in, have a row of where each class leads, the others their edges alone.
  uint32_t row_states_ = 0;
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> edge_starts_;
  std::vector<Edge> edges_;
  // Where to go on without an edge: the longest end of the state's text that is
  // a state.
  std::vector<uint32_t> fallbacks_;
  std::vector<uint32_t> depths_;  // Bytes of the state's text.
  std::vector<uint32_t> keys_;    // That the state's text is, if any.
  // The longest end of the state's text that is a key, itself included; the
  // next shorter one. 0: none.
  std::vector<uint32_t> ends_;
  std::vector<uint32_t> shorter_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_KEY_AUTOMATON_H_
