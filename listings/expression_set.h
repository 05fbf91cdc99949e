#ifndef LENSCAP_LISTINGS_EXPRESSION_SET_H_
#define LENSCAP_LISTINGS_EXPRESSION_SET_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace re2 {
class FilteredRE2;
}  // namespace re2

namespace lenscap {

// What can be said against an expression of RE2's syntax, as the end of a
// sentence: that RE2 refuses it, that it takes too much memory, or that it fits
// the empty text and so every text. INVALID_ARGUMENT.
absl::Status CheckExpression(absl::string_view expression);

// Expressions over one view. For most, RE2 knows strings ("atoms") without
// which they cannot fit; only those whose atoms a text has are tried on it.
// Immutable and thread-safe.
class ExpressionSet {
 public:
  // INVALID_ARGUMENT if one of them does not pass CheckExpression.
  static absl::StatusOr<ExpressionSet> Compile(
      const std::vector<std::string>& expressions);

  // Without any.
  ExpressionSet();
  ExpressionSet(ExpressionSet&&);
  ExpressionSet& operator=(ExpressionSet&&);
  ~ExpressionSet();

  // Not empty, each there once.
  const std::vector<std::string>& atoms() const { return atoms_; }

  // The expressions that fit somewhere, ascending; `atoms` are indices of those
  // that the text has, in any order, each once.
  std::vector<int> Find(absl::string_view text,
                        const std::vector<int>& atoms) const;

  // Calls found(start, end) for what the expression fits, bytes [start, end) of
  // the text, one after the other, at most `max` times. What is empty is passed
  // over.
  void Locate(int expression, absl::string_view text, int max,
              const std::function<void(size_t, size_t)>& found) const;

 private:
  std::unique_ptr<re2::FilteredRE2> filter_;
  std::vector<std::string> atoms_;
  // Those that are tried on every text, ascending.
  std::vector<int> unfiltered_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_EXPRESSION_SET_H_
