#include "listings/text_search.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "listings/first_number.h"

namespace lenscap {
namespace {

// A search that kept more gives its memory back.
constexpr size_t kMaxKeptBytes = size_t{64} << 10;

absl::string_view NameOf(DetectionField::Kind kind) {
  switch (kind) {
    case DetectionField::Kind::kTitle:
      return "title";
    case DetectionField::Kind::kDescription:
      return "description";
    case DetectionField::Kind::kCategory:
      return "category";
    default:
      return "attributes";
  }
}

}  // namespace

void TextSearch::Search(const CompiledRules& rules, const ListingText& text) {
  using Kind = DetectionField::Kind;
  size_t kept = 0;
  for (const Field& field : fields_) kept += field.original.size();
  if (kept > kMaxKeptBytes) {
    texts_.clear();
    places_ = {};
  }
  rules_ = &rules;
  ++search_;
  fields_.clear();
  touched_.clear();
  places_.clear();
  if (states_.size() < rules.keys.size()) states_.resize(rules.keys.size());
  if (rule_search_.size() < rules.rules.size()) {
    rule_search_.resize(rules.rules.size());
  }
  AddField(Kind::kTitle, text.title);
  AddField(Kind::kDescription, text.description);
  AddField(Kind::kCategory, text.category);
  for (const auto& [name, value] : text.attributes) {
    AddField(Kind::kAttributes, value, name);
  }
  std::sort(touched_.begin(), touched_.end());
  std::stable_sort(
      places_.begin(), places_.end(),
      [](const Place& a, const Place& b) { return a.key < b.key; });
}

void TextSearch::AddField(DetectionField::Kind kind, absl::string_view original,
                          absl::string_view name) {
  if (original.empty()) return;
  const uint32_t field = fields_.size();
  if (texts_.size() <= field) {
    texts_.push_back(std::make_unique<NormalizedText>());
  }
  Normalizer::Get().Normalize(original, texts_[field].get());
  int attribute = -1;
  if (kind == DetectionField::Kind::kAttributes &&
      !rules_->attributes.empty()) {
    const auto known = rules_->attributes.find(AttributeName(name));
    if (known != rules_->attributes.end()) attribute = known->second;
  }
  fields_.push_back({kind, attribute, original, name, texts_[field].get()});
  for (int view = 0; view < kTextViews; ++view) SearchView(field, view);
  if (attribute >= 0) SearchNumbers(field);
}

void TextSearch::SearchView(uint32_t field, int view) {
  const CompiledView& compiled = rules_->views[view];
  const NormalizedText& normalized = *fields_[field].normalized;
  const TextView text_view = static_cast<TextView>(view);
  const absl::string_view text = normalized.view(text_view);
  atoms_.clear();
  compiled.patterns.Scan(text, [&](int pattern, size_t start, size_t end) {
    if (compiled.pattern_atoms[pattern] >= 0) {
      atoms_.push_back(compiled.pattern_atoms[pattern]);
    }
    const std::vector<uint32_t>& keys = compiled.pattern_keys[pattern];
    if (keys.empty() || !normalized.IsBoundary(text_view, start) ||
        !normalized.IsBoundary(text_view, end)) {
      return;
    }
    const bool whole = start == 0 && end == text.size();
    for (const uint32_t key : keys) {
      if (rules_->keys[key].exact && !whole) continue;
      Found(key, {key, field, view, start, end});
    }
  });
  SearchExpressions(field, view);
}

void TextSearch::SearchExpressions(uint32_t field, int view) {
  const CompiledView& compiled = rules_->views[view];
  if (compiled.expression_keys.empty()) return;
  std::sort(atoms_.begin(), atoms_.end());
  atoms_.erase(std::unique(atoms_.begin(), atoms_.end()), atoms_.end());
  const absl::string_view text =
      fields_[field].normalized->view(static_cast<TextView>(view));
  for (const int expression : compiled.expressions.Find(text, atoms_)) {
    for (const uint32_t key : compiled.expression_keys[expression]) {
      // What fits only where it is empty has no place, but is found.
      Found(key, {key, field, view, 0, 0});
    }
    compiled.expressions.Locate(
        expression, text, kMaxSpansOfRule, [&](size_t start, size_t end) {
          for (const uint32_t key : compiled.expression_keys[expression]) {
            Found(key, {key, field, view, start, end});
          }
        });
  }
}

void TextSearch::SearchNumbers(uint32_t field) {
  const std::optional<FirstNumber> number =
      FindFirstNumber(fields_[field].original);
  if (!number) return;
  for (const CompiledBound& bound : rules_->bounds) {
    if (bound.attribute != fields_[field].attribute ||
        !KeepsBound(*bound.entry, number->value)) {
      continue;
    }
    Found(bound.key, {bound.key, field, -1, number->start, number->end});
  }
}

bool TextSearch::IsWithin(const CompiledKey& key, const Field& field) const {
  switch (key.field) {
    case DetectionField::Kind::kAny:
      return true;
    case DetectionField::Kind::kAttribute:
      return key.attribute >= 0 && key.attribute == field.attribute;
    default:
      return key.field == field.kind;
  }
}

void TextSearch::Found(uint32_t key, const Place& place) {
  const CompiledKey& compiled = rules_->keys[key];
  if (!IsWithin(compiled, fields_[place.field])) return;
  KeyState& state = states_[key];
  if (state.search != search_) state = {search_, {}};
  if (rule_search_[compiled.rule] != search_) {
    rule_search_[compiled.rule] = search_;
    touched_.push_back(compiled.rule);
  }
  if (place.start == place.end) return;
  // Places in one view come by field and start, so these are the first ones.
  uint8_t& places = state.places[place.view + 1];
  if (places >= kMaxSpansOfRule) return;
  ++places;
  places_.push_back(place);
}

bool TextSearch::Holds(const CompiledEntry& entry) const {
  for (uint32_t key = entry.keys.begin; key < entry.keys.end; ++key) {
    if (IsFound(key) != entry.all) return !entry.all;
  }
  return entry.all;
}

bool TextSearch::Holds(const CompiledSelection& selection) const {
  for (uint32_t i = selection.entries.begin; i < selection.entries.end; ++i) {
    if (!Holds(rules_->entries[i])) return false;
  }
  return true;
}

bool TextSearch::Holds(uint32_t rule) const {
  const CompiledRule& compiled = rules_->rules[rule];
  uint64_t holds = 0;
  for (uint32_t i = compiled.selections.begin; i < compiled.selections.end;
       ++i) {
    if (Holds(rules_->selections[i])) {
      holds |= uint64_t{1} << (i - compiled.selections.begin);
    }
  }
  return compiled.rule->detection->condition().Holds(holds);
}

RuleSpan TextSearch::SpanOf(const Place& place) const {
  const Field& field = fields_[place.field];
  RuleSpan span;
  span.field = std::string(NameOf(field.kind));
  span.attribute = std::string(field.name);
  if (place.view < 0) {
    span.bytes = {place.start, place.end};
    for (const CompiledBound& bound : rules_->bounds) {
      if (bound.key == place.key) span.key = bound.text;
    }
  } else {
    span.bytes = field.normalized->Original(static_cast<TextView>(place.view),
                                            place.start, place.end);
    span.key = *rules_->keys[place.key].text;
  }
  return span;
}

std::vector<RuleSpan> TextSearch::Spans(uint32_t rule) const {
  const CompiledRule& compiled = rules_->rules[rule];
  const uint64_t wanted = compiled.rule->detection->condition().wanted();
  // Spans with the field's number.
  std::vector<std::pair<uint32_t, RuleSpan>> spans;
  const auto by_key = [](const Place& place, uint32_t key) {
    return place.key < key;
  };
  for (uint32_t i = compiled.selections.begin; i < compiled.selections.end;
       ++i) {
    const CompiledSelection& selection = rules_->selections[i];
    if ((wanted >> (i - compiled.selections.begin) & 1) == 0 ||
        selection.entries.begin == selection.entries.end || !Holds(selection)) {
      continue;
    }
    // Entries and keys of a selection stand side by side.
    const uint32_t end = rules_->entries[selection.entries.end - 1].keys.end;
    for (auto place = std::lower_bound(
             places_.begin(), places_.end(),
             rules_->entries[selection.entries.begin].keys.begin, by_key);
         place != places_.end() && place->key < end; ++place) {
      spans.emplace_back(place->field, SpanOf(*place));
    }
  }
  const auto order = [](const auto& span) {
    return std::tie(span.first, span.second.bytes.start, span.second.bytes.end,
                    span.second.key);
  };
  std::sort(spans.begin(), spans.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  std::vector<RuleSpan> first;
  for (size_t i = 0; i < spans.size() && first.size() < kMaxSpansOfRule; ++i) {
    if (i > 0 && order(spans[i]) == order(spans[i - 1])) continue;
    first.push_back(spans[i].second);
  }
  return first;
}

}  // namespace lenscap
