#ifndef LENSCAP_SERVICES_CLI_LISTING_PRICE_H_
#define LENSCAP_SERVICES_CLI_LISTING_PRICE_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap::cli {

// A price such as "199", "199.5" or "199.50" in the smallest unit of its
// currency: 19950 for CNY, 199 for JPY. `currency` is three capital letters of
// ISO 4217, whose list says which have other than two decimal places.
// INVALID_ARGUMENT for what is no such number, without a currency, with more
// places than the currency has, or beyond 64 bits. Commas are refused: they
// are one thing here and another there.
absl::StatusOr<int64_t> PriceInMinorUnits(absl::string_view price,
                                          absl::string_view currency);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_PRICE_H_
