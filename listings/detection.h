#ifndef LENSCAP_LISTINGS_DETECTION_H_
#define LENSCAP_LISTINGS_DETECTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/normalized_text.h"
#include "listings/rule_condition.h"

namespace lenscap {

inline constexpr size_t kMaxKeyBytes = 256;
inline constexpr size_t kMaxExpressionBytes = 1024;
inline constexpr size_t kMaxKeysOfRule = 2000;

// Where keys are looked for.
struct DetectionField {
  // kAny: title, description, category and the values of attributes;
  // kAttributes: the values alone; kAttribute: that of one name.
  enum class Kind {
    kAny,
    kTitle,
    kDescription,
    kCategory,
    kAttributes,
    kAttribute
  };
  Kind kind = Kind::kAny;
  std::string attribute;  // Of kAttribute, as written.
};

// Views of a text: bit i is TextView i.
using ViewMask = uint8_t;
constexpr ViewMask MaskOf(TextView view) {
  return static_cast<ViewMask>(1 << static_cast<int>(view));
}

struct DetectionKey {
  std::string text;
  int line = 0;
};

// Keys of which one must be found, or all; or a bound of a number.
struct DetectionEntry {
  enum class Bound { kLess, kAtMost, kGreater, kAtLeast };

  DetectionField field;
  std::vector<DetectionKey> keys;
  bool all = false;
  bool exact = false;        // The field is the key, and nothing else.
  bool expressions = false;  // Keys are RE2's.
  // 0: the usual ones, which depend on the key (ViewsOf).
  ViewMask views = 0;
  bool no_sound = false;
  // Of the first number of an attribute; there is one key then, the number.
  std::optional<Bound> bound;
  double number = 0;
};

// All entries must hold.
struct DetectionSelection {
  std::string name;
  int line = 0;
  std::vector<DetectionEntry> entries;
};

// What a rule looks for. Immutable and thread-safe.
class Detection {
 public:
  // The condition is over these selections, in this order.
  Detection(std::vector<DetectionSelection> selections, RuleCondition condition)
      : selections_(std::move(selections)), condition_(std::move(condition)) {}

  const std::vector<DetectionSelection>& selections() const {
    return selections_;
  }
  const RuleCondition& condition() const { return condition_; }

  // Keys and numbers in it.
  size_t keys() const;

 private:
  const std::vector<DetectionSelection> selections_;
  const RuleCondition condition_;
};

// The views that a literal key of the entry is looked for in: those that its
// modifiers name, else words and tight, and sound for keys of at least four
// Han characters. That of expressions: one.
ViewMask ViewsOf(const DetectionEntry& entry, absl::string_view key);

// Characters of a UTF-8 text that are Han.
int CountHan(absl::string_view text);

// Whether a number keeps the entry's bound.
bool KeepsBound(const DetectionEntry& entry, double value);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_DETECTION_H_
