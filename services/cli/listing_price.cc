#include "services/cli/listing_price.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lenscap::cli {
namespace {

bool IsCurrency(absl::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), absl::ascii_isupper);
}

// ISO 4217, table A.1.
size_t DecimalPlaces(absl::string_view currency) {
  static const auto* const none = new std::set<absl::string_view>{
      "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
      "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"};
  static const auto* const three = new std::set<absl::string_view>{
      "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
  static const auto* const four = new std::set<absl::string_view>{"CLF", "UYW"};
  if (none->contains(currency)) return 0;
  if (three->contains(currency)) return 3;
  return four->contains(currency) ? 4 : 2;
}

bool AreDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

absl::StatusOr<int64_t> PriceInMinorUnits(absl::string_view price,
                                          absl::string_view currency) {
  if (!IsCurrency(currency)) {
    return absl::InvalidArgumentError(
        "price: needs a currency beside it, three capital letters");
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(price, absl::MaxSplits('.', 1));
  const bool has_point = parts.first.size() < price.size();
  if (!AreDigits(parts.first) || (has_point && !AreDigits(parts.second))) {
    return absl::InvalidArgumentError(
        absl::StrCat("price: expected a number such as 199.50, got \"",
                     price.substr(0, 40), "\""));
  }
  const size_t places = DecimalPlaces(currency);
  if (parts.second.size() > places) {
    return absl::InvalidArgumentError(absl::StrCat(
        "price: \"", price.substr(0, 40), "\" has ", parts.second.size(),
        " decimal places; ", currency, " has ", places));
  }
  int64_t minor = 0;
  if (!absl::SimpleAtoi(
          absl::StrCat(parts.first, parts.second,
                       std::string(places - parts.second.size(), '0')),
          &minor)) {
    return absl::InvalidArgumentError("price: it is too large");
  }
  return minor;
}

}  // namespace lenscap::cli
