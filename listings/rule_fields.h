#ifndef LENSCAP_LISTINGS_RULE_FIELDS_H_
#define LENSCAP_LISTINGS_RULE_FIELDS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "listings/pack_faults.h"
#include "listings/yaml_tree.h"

namespace lenscap {

// "rule \"a\": score" of "rule \"a\"" and "score".
std::string PathOf(absl::string_view where, absl::string_view field);

// The fields of a map, taken one by one; what is left over is unknown. Faults
// go to `faults`, and something harmless is returned for what has one. Refers
// to the map and the faults. Not thread-safe.
class RuleFields {
 public:
  // `where` stands before the names of fields in messages.
  RuleFields(const YamlNode& map, std::string where, PackFaults& faults);

  const std::string& where() const { return where_; }
  void set_where(std::string where) { where_ = std::move(where); }

  // Null where it is absent.
  const YamlNode* Find(absl::string_view name);
  // A fault where it is absent.
  const YamlNode* Require(absl::string_view name);

  // 1 to `max_bytes` bytes; empty where it is absent.
  std::string Text(absl::string_view name, size_t max_bytes);
  std::string RequiredText(absl::string_view name, size_t max_bytes);
  // One of these; empty where it is absent.
  std::string OneOf(absl::string_view name,
                    absl::Span<const absl::string_view> known);
  // 1 to 64 of a-z 0-9 - _ and a dot.
  std::string RequiredName(absl::string_view name);
  // Each of 1 to `max_bytes` bytes.
  std::vector<std::string> Texts(absl::string_view name, size_t max_count,
                                 size_t max_bytes);
  // Between the bounds, both included.
  std::optional<double> Number(absl::string_view name, double min, double max);

  // A fault for each field that was not asked for.
  void RefuseOthers();

  void Fault(int line, absl::string_view field, absl::string_view what);

 private:
  const YamlNode& map_;
  std::string where_;
  PackFaults& faults_;
  std::vector<bool> found_;  // Of each key.
};

// The text of a scalar of 1 to `max_bytes` bytes. A fault otherwise.
std::optional<std::string> ScalarText(const YamlNode& node, size_t max_bytes,
                                      absl::string_view where,
                                      PackFaults& faults);

// A scalar, or up to `max_count` of them in a sequence. A fault otherwise.
std::vector<const YamlNode*> ScalarsOf(const YamlNode& node, size_t max_count,
                                       absl::string_view where,
                                       PackFaults& faults);

// Finite, decimal, nothing but the number.
std::optional<double> ParseNumber(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_FIELDS_H_
