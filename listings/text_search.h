#ifndef LENSCAP_LISTINGS_TEXT_SEARCH_H_
#define LENSCAP_LISTINGS_TEXT_SEARCH_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/compiled_rules.h"
#include "listings/hit.h"
#include "listings/normalized_text.h"
#include "listings/rule_pack.h"

namespace lenscap {

inline constexpr int kMaxSpansOfRule = 16;

// Looks for all keys in one listing after the other, and keeps what it found in
// the last. Not thread-safe; its memory is used again and again.
class TextSearch {
 public:
  // Both must outlive the calls of what follows.
  void Search(const CompiledRules& rules, const ListingText& text);

  // Rules of which a key was found, ascending.
  const std::vector<uint32_t>& rules() const { return touched_; }

  // Whether the condition of a rule holds.
  bool Holds(uint32_t rule) const;

  // What of the listing made it hold: keys of the selections that hold and that
  // the condition asks for, by field and start, each once.
  std::vector<RuleSpan> Spans(uint32_t rule) const;

 private:
  // A field of the listing. Attributes come last and by name.
  struct Field {
    DetectionField::Kind kind;
    int attribute;  // Its number if a rule names it, or -1.
    absl::string_view original;
    absl::string_view name;  // Of an attribute.
    const NormalizedText* normalized;
  };
  // Where a key was found: bytes [start, end) of a view, or of the original for
  // a number.
  struct Place {
    uint32_t key;
    uint32_t field;
    int view;  // -1: the original.
    size_t start;
    size_t end;
  };
  struct KeyState {
    uint64_t search = 0;  // That found it last.
    std::array<uint8_t, kTextViews + 1> places = {};
  };

  void AddField(DetectionField::Kind kind, absl::string_view original,
                absl::string_view name = {});
  void SearchView(uint32_t field, int view);
  void SearchExpressions(uint32_t field, int view);
  void SearchNumbers(uint32_t field);
  bool IsWithin(const CompiledKey& key, const Field& field) const;
  void Found(uint32_t key, const Place& place);
  bool IsFound(uint32_t key) const { return states_[key].search == search_; }
  bool Holds(const CompiledEntry& entry) const;
  bool Holds(const CompiledSelection& selection) const;
  RuleSpan SpanOf(const Place& place) const;

  const CompiledRules* rules_ = nullptr;
  uint64_t search_ = 0;  // Counts them; tells what was found in this one.
  std::vector<Field> fields_;
  std::vector<std::unique_ptr<NormalizedText>> texts_;
  std::vector<KeyState> states_;       // Of each key.
  std::vector<uint64_t> rule_search_;  // Of each rule: that touched it last.
  std::vector<uint32_t> touched_;
  std::vector<Place> places_;  // By key, once the search is over.
  std::vector<int> atoms_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_TEXT_SEARCH_H_
