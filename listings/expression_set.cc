#include "listings/expression_set.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "listings/quoted_text.h"
#include "re2/filtered_re2.h"
#include "re2/re2.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace lenscap {
namespace {

// Of one expression: one that takes more to compile is refused.
constexpr int64_t kMaxMemory = int64_t{1} << 20;
// What RE2 keeps of one to match by: the states that texts have led to. Beyond
// that it forgets them all and begins anew, slower. Texts that differ lead to
// many states, so it is more than what one needs to be accepted.
constexpr int64_t kMatchMemory = int64_t{4} << 20;
// Instructions of a program. Those of each expression are kept.
constexpr int kMaxProgram = 4000;
// Shorter atoms are in so many texts that they tell nothing.
constexpr int kMinAtomBytes = 2;

RE2::Options ExpressionOptions(int64_t max_memory) {
  RE2::Options options;
  options.set_max_mem(max_memory);
  options.set_log_errors(false);
  return options;
}

re2::StringPiece Piece(absl::string_view text) {
  return re2::StringPiece(text.data(), text.size());
}

// RE2 lowers the case of atoms. Views are case-folded, which is the same but
// for Cherokee: that is folded to capitals. An escape may stand for it.
bool AtomsMayDiffer(absl::string_view expression) {
  const int32_t size = static_cast<int32_t>(expression.size());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(expression.data(), i, size, c);
    if (c >= 0x80 &&
        (u_tolower(c) != c || u_foldCase(c, U_FOLD_CASE_DEFAULT) != c)) {
      return true;
    }
  }
  return absl::StrContains(expression, "\\x");
}

}  // namespace

absl::Status CheckExpression(absl::string_view expression) {
  const RE2 compiled(Piece(expression), ExpressionOptions(kMaxMemory));
  std::string fault;
  if (!compiled.ok()) {
    fault = compiled.error_code() == RE2::ErrorPatternTooLarge
                ? "takes too much memory"
                : absl::StrCat("cannot be read: ", compiled.error());
  } else if (compiled.ProgramSize() > kMaxProgram) {
    fault = absl::StrCat("makes a program of ", compiled.ProgramSize(),
                         " instructions; it may have ", kMaxProgram);
  } else if (RE2::PartialMatch("", compiled)) {
    fault = "fits the empty text, and so every text";
  } else {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fault);
}

ExpressionSet::ExpressionSet() = default;
ExpressionSet::ExpressionSet(ExpressionSet&&) = default;
ExpressionSet& ExpressionSet::operator=(ExpressionSet&&) = default;
ExpressionSet::~ExpressionSet() = default;

absl::StatusOr<ExpressionSet> ExpressionSet::Compile(
    const std::vector<std::string>& expressions) {
  ExpressionSet set;
  if (expressions.empty()) return set;
  set.filter_ = std::make_unique<re2::FilteredRE2>(kMinAtomBytes);
  for (const std::string& expression : expressions) {
    RETURN_IF_ERROR(CheckExpression(expression));
    int id = 0;
    if (set.filter_->Add(Piece(expression), ExpressionOptions(kMatchMemory),
                         &id) != RE2::NoError) {
      return absl::InvalidArgumentError(
          absl::StrCat("RE2 refuses ", Quoted(expression)));
    }
    if (AtomsMayDiffer(expression)) set.unfiltered_.push_back(id);
  }
  set.filter_->Compile(&set.atoms_);
  std::vector<int> without_atoms;
  set.filter_->AllPotentials({}, &without_atoms);
  set.unfiltered_.insert(set.unfiltered_.end(), without_atoms.begin(),
                         without_atoms.end());
  std::sort(set.unfiltered_.begin(), set.unfiltered_.end());
  set.unfiltered_.erase(
      std::unique(set.unfiltered_.begin(), set.unfiltered_.end()),
      set.unfiltered_.end());
  return set;
}

std::vector<int> ExpressionSet::Candidates(
    const std::vector<int>& atoms) const {
  if (filter_ == nullptr || atoms.empty()) return unfiltered_;
  std::vector<int> candidates;
  filter_->AllPotentials(atoms, &candidates);
  candidates.insert(candidates.end(), unfiltered_.begin(), unfiltered_.end());
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()),
                   candidates.end());
  return candidates;
}

bool ExpressionSet::Fits(int expression, absl::string_view text) const {
  return RE2::PartialMatch(Piece(text), filter_->GetRE2(expression));
}

void ExpressionSet::Locate(
    int expression, absl::string_view text, int max,
    const std::function<void(size_t, size_t)>& found) const {
  // Empty fits are passed over one by one, so their number is bounded too.
  constexpr int kMaxTries = 256;
  const RE2& re = filter_->GetRE2(expression);
  size_t from = 0;
  for (int tries = 0; tries < kMaxTries && max > 0; ++tries) {
    re2::StringPiece part;
    if (from > text.size() ||
        !re.Match(Piece(text), from, text.size(), RE2::UNANCHORED, &part, 1)) {
      return;
    }
    const size_t start = part.data() - text.data();
    from = start + std::max<size_t>(part.size(), 1);
    if (part.empty()) continue;
    found(start, start + part.size());
    --max;
  }
}

}  // namespace lenscap
