#ifndef LENSCAP_LISTINGS_STARTER_PACKS_H_
#define LENSCAP_LISTINGS_STARTER_PACKS_H_

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/rule_pack.h"

namespace lenscap {

// A pack that comes with the program: a file of deploy/rules, as it was when
// this was built.
struct StarterPack {
  absl::string_view yaml;
  std::shared_ptr<const RulePack> pack;  // Never null.
};

// The rules of a server that was given none, by id. Read once; thread-safe.
const std::vector<StarterPack>& StarterPacks();

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_STARTER_PACKS_H_
