#ifndef LENSCAP_TAKEDOWN_STATEMENT_H_
#define LENSCAP_TAKEDOWN_STATEMENT_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/report.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/campaign.h"

namespace lenscap {

// What a list says of where it holds and on what law it rests.
struct ListBasis {
  std::string legal_basis;
  std::vector<std::string> jurisdictions;
};
// Empty for an unknown list.
using ListBasisOf = std::function<ListBasis(absl::string_view list_id)>;

// The statement of reasons (EU Regulation 2022/2065, articles 17 and 24(5)) for
// the decision at `index`, which removes something. Where a list with a legal
// basis knew the footage, the ground is illegal content, and else the
// platform's terms, since lenscap knows of no law. The decision is a person's,
// or that of the platform's own system on which lenscap takes a person's word;
// what the database wants to know of the account is not in it.
v1::StatementOfReasons StatementOf(const v1::Case& opened, int index,
                                   const ListBasisOf& list_basis_of);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_STATEMENT_H_
