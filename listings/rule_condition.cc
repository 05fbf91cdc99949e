#include "listings/rule_condition.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "listings/quoted_text.h"

namespace lenscap {
namespace {

// Also what a stack of bits in Holds has room for: each level leaves at most
// two values there, `and` and `or`.
constexpr int kMaxDepth = 32;

bool IsNameByte(char c) { return absl::ascii_isalnum(c) || c == '_'; }

bool IsWord(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {
      "and", "or", "not", "of", "all", "them", "condition"};
  return absl::c_linear_search(kWords, text);
}

absl::Status Invalid(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

}  // namespace

// Recursive descent; one token is looked at ahead.
class ConditionParser {
 public:
  ConditionParser(absl::string_view text,
                  absl::Span<const std::string> selections)
      : rest_(text), selections_(selections) {
    Advance();
  }

  absl::StatusOr<RuleCondition> Parse() {
    RETURN_IF_ERROR(Or(0, /*denied=*/false));
    if (!token_.empty()) {
      return Invalid(absl::StrCat("does not go on with ", Quoted(token_)));
    }
    return std::move(condition_);
  }

 private:
  using Op = RuleCondition::Op;

  void Advance() {
    rest_ = absl::StripLeadingAsciiWhitespace(rest_);
    size_t size = rest_.empty() ? 0 : 1;
    if (size > 0 && (IsNameByte(rest_[0]) || rest_[0] == '*')) {
      while (size < rest_.size() &&
             (IsNameByte(rest_[size]) || rest_[size] == '*')) {
        ++size;
      }
    } else if (size > 0) {
      while (size < rest_.size() && (rest_[size] & 0xc0) == 0x80) ++size;
    }
    token_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }

  bool Consume(absl::string_view word) {
    if (token_ != word) return false;
    Advance();
    return true;
  }

  absl::Status Or(int depth, bool denied) {
    if (depth > kMaxDepth) {
      return Invalid(absl::StrCat("nests deeper than ", kMaxDepth));
    }
    RETURN_IF_ERROR(And(depth, denied));
    while (Consume("or")) {
      RETURN_IF_ERROR(And(depth, denied));
      condition_.steps_.push_back({Op::kOr});
    }
    return absl::OkStatus();
  }

  absl::Status And(int depth, bool denied) {
    RETURN_IF_ERROR(Not(depth, denied));
    while (Consume("and")) {
      RETURN_IF_ERROR(Not(depth, denied));
      condition_.steps_.push_back({Op::kAnd});
    }
    return absl::OkStatus();
  }

  absl::Status Not(int depth, bool denied) {
    bool flips = false;
    while (Consume("not")) flips = !flips;
    RETURN_IF_ERROR(Operand(depth, denied != flips));
    if (flips) condition_.steps_.push_back({Op::kNot});
    return absl::OkStatus();
  }

  absl::Status Operand(int depth, bool denied) {
    if (Consume("(")) {
      RETURN_IF_ERROR(Or(depth + 1, denied));
      if (!Consume(")")) return Invalid("lacks a closing parenthesis");
      return absl::OkStatus();
    }
    const absl::string_view word = token_;
    if (word == "1" || word == "all") {
      Advance();
      if (!Consume("of")) {
        return Invalid(absl::StrCat("lacks \"of\" after ", Quoted(word)));
      }
      return Several(word == "1" ? Op::kAnyOf : Op::kAllOf, denied);
    }
    if (word.empty()) return Invalid("ends where a selection should stand");
    const auto found = std::find(selections_.begin(), selections_.end(), word);
    if (found == selections_.end()) {
      return Invalid(absl::StrCat("there is no selection ", Quoted(word)));
    }
    Advance();
    Add(Op::kAnyOf, uint64_t{1} << (found - selections_.begin()), denied);
    return absl::OkStatus();
  }

  // What stands behind "1 of" and "all of".
  absl::Status Several(Op op, bool denied) {
    absl::string_view prefix = token_;
    const bool is_pattern = absl::ConsumeSuffix(&prefix, "*");
    if (prefix != "them" && (!is_pattern || absl::StrContains(prefix, '*'))) {
      return Invalid(absl::StrCat(Quoted(token_),
                                  " is neither \"them\" nor the start of "
                                  "names, such as \"hidden_*\""));
    }
    if (!is_pattern) prefix = "";  // "them".
    uint64_t mask = 0;
    for (size_t i = 0; i < selections_.size(); ++i) {
      if (absl::StartsWith(selections_[i], prefix)) mask |= uint64_t{1} << i;
    }
    if (mask == 0) {
      return Invalid(absl::StrCat("no selection fits ", Quoted(token_)));
    }
    Advance();
    Add(op, mask, denied);
    return absl::OkStatus();
  }

  void Add(Op op, uint64_t mask, bool denied) {
    condition_.steps_.push_back({op, mask});
    condition_.named_ |= mask;
    if (!denied) condition_.wanted_ |= mask;
  }

  absl::string_view rest_;
  absl::string_view token_;  // Empty at the end.
  const absl::Span<const std::string> selections_;
  RuleCondition condition_;
};

bool IsSelectionName(absl::string_view name) {
  return !name.empty() && name.size() <= 64 &&
         std::all_of(name.begin(), name.end(), IsNameByte) &&
         !absl::ascii_isdigit(name[0]) && !IsWord(name);
}

absl::StatusOr<RuleCondition> RuleCondition::Parse(
    absl::string_view text, absl::Span<const std::string> selections) {
  if (text.size() > kMaxConditionBytes) {
    return Invalid(absl::StrCat("has ", text.size(), " bytes; it may have ",
                                kMaxConditionBytes));
  }
  if (selections.size() > kMaxSelections) {
    return Invalid(absl::StrCat("there are ", selections.size(),
                                " selections; there may be ", kMaxSelections));
  }
  ASSIGN_OR_RETURN(RuleCondition condition,
                   ConditionParser(text, selections).Parse());
  if (condition.Holds(0)) {
    return Invalid("holds where nothing is found, so it fits every text");
  }
  return condition;
}

bool RuleCondition::Holds(uint64_t selections) const {
  // The values wait in a stack of bits, the last one lowest. Its height is at
  // most twice the levels and one, below 128.
  unsigned __int128 stack = 0;
  for (const Step& step : steps_) {
    bool value = false;
    switch (step.op) {
      case Op::kAnyOf:
        value = (selections & step.mask) != 0;
        break;
      case Op::kAllOf:
        value = (selections & step.mask) == step.mask;
        break;
      case Op::kNot:
        stack ^= 1;
        continue;
      case Op::kAnd:
        value = (stack & 3) == 3;
        stack >>= 2;
        break;
      case Op::kOr:
        value = (stack & 3) != 0;
        stack >>= 2;
        break;
    }
    stack = stack << 1 | (value ? 1 : 0);
  }
  return (stack & 1) != 0;
}

}  // namespace lenscap
