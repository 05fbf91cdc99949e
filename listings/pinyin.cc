#include "listings/pinyin.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "listings/text_table.h"

namespace lenscap {
namespace {

constexpr size_t kLongestSyllable = 6;  // "zhuang"

// Whether letters are a syllable, one letter after the other.
class SyllableTree {
 public:
  static constexpr uint16_t kRoot = 0;
  static constexpr uint16_t kNowhere = 0xffff;

  static const SyllableTree& Get() {
    static const auto* const tree = new SyllableTree;
    return *tree;
  }

  uint16_t Step(uint16_t node, char letter) const {
    return nodes_[node].next[letter - 'a'];
  }
  bool IsSyllable(uint16_t node) const { return nodes_[node].is_syllable; }

 private:
  struct Node {
    Node() { next.fill(kNowhere); }
    std::array<uint16_t, 26> next;
    bool is_syllable = false;
  };

  SyllableTree() : nodes_(1) {
    for (absl::string_view syllable : Syllables()) {
      if (MayBeTyped(syllable)) Add(syllable);
    }
  }

  // Sounds without a vowel ("hm", "ng") and single vowels would make syllables
  // of any word.
  static bool MayBeTyped(absl::string_view syllable) {
    return syllable.size() > 1 && syllable.size() <= kLongestSyllable &&
           syllable.find_first_of("aeiouv") != absl::string_view::npos;
  }

  void Add(absl::string_view syllable) {
    uint16_t node = kRoot;
    for (char letter : syllable) {
      uint16_t next = Step(node, letter);
      if (next == kNowhere) {
        next = static_cast<uint16_t>(nodes_.size());
        nodes_[node].next[letter - 'a'] = next;
        nodes_.emplace_back();
      }
      node = next;
    }
    nodes_[node].is_syllable = true;
  }

  std::vector<Node> nodes_;
};

// The lengths of the syllables that start at `at`, bit by bit.
unsigned SyllableLengths(const std::vector<TextUnit>& units, size_t at,
                         size_t end) {
  const SyllableTree& tree = SyllableTree::Get();
  unsigned lengths = 0;
  uint16_t node = SyllableTree::kRoot;
  end = std::min(end, at + kLongestSyllable);
  for (size_t i = at; i < end; ++i) {
    const TextUnit& unit = units[i];
    if (unit.code_point < 'a' || unit.code_point > 'z') break;
    node =
        tree.Step(node, unit.umlaut ? 'v' : static_cast<char>(unit.code_point));
    if (node == SyllableTree::kNowhere) break;
    if (tree.IsSyllable(node)) lengths |= 1u << (i + 1 - at);
  }
  return lengths;
}

bool IsTone(const TextUnit& unit) {
  return unit.code_point >= '1' && unit.code_point <= '5';
}

}  // namespace

bool HasTones(const std::vector<TextUnit>& units, size_t begin, size_t end) {
  bool tones = false;
  // Bit n: whether syllables lead from `begin` or a tone to n letters further.
  unsigned reached = 1;
  bool after_letter = false;
  for (size_t i = begin; i < end; ++i) {
    const TextUnit& unit = units[i];
    const bool at_syllable = (reached & 1u) != 0;
    if (unit.kind == TextKind::kDigit) {
      if (!after_letter || !at_syllable || !IsTone(unit)) return false;
      tones = true;
      after_letter = false;
      reached = 1;
      continue;
    }
    if (at_syllable) reached |= SyllableLengths(units, i, end);
    reached >>= 1;
    if (reached == 0) return false;
    after_letter = true;
  }
  return tones && (reached & 1u) != 0;
}

std::vector<bool> SyllableStarts(const std::vector<TextUnit>& units,
                                 size_t begin, size_t end) {
  if (SyllableLengths(units, begin, end) == 0) return {};
  const size_t size = end - begin;
  // Bit by bit, which syllables start at each place that syllables lead to.
  std::vector<uint8_t> lengths(size);
  std::vector<bool> starts(size + 1);
  starts[0] = true;
  size_t furthest = 0;
  for (size_t i = 0; i < size; ++i) {
    if (i > furthest) return {};
    if (!starts[i]) continue;
    lengths[i] = static_cast<uint8_t>(SyllableLengths(units, begin + i, end));
    for (size_t n = 1; n <= kLongestSyllable; ++n) {
      if ((lengths[i] & 1u << n) == 0) continue;
      starts[i + n] = true;
      furthest = std::max(furthest, i + n);
    }
  }
  if (!starts[size]) return {};
  // And lead on from to the end.
  bool many = false;
  for (size_t i = size; i-- > 0;) {
    if (!starts[i]) continue;
    bool leads_on = false;
    for (size_t n = 1; n <= kLongestSyllable; ++n) {
      leads_on |= (lengths[i] & 1u << n) != 0 && starts[i + n];
    }
    starts[i] = leads_on;
    many |= leads_on && i > 0;
  }
  if (!many) return {};
  return starts;
}

}  // namespace lenscap
