#ifndef LENSCAP_LISTINGS_STARTER_PACKS_H_
#define LENSCAP_LISTINGS_STARTER_PACKS_H_

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/rule_pack.h"

namespace lenscap {

// The packs that come with the program, by id: deploy/rules, as it was when
// this was built.
std::vector<absl::string_view> StarterPackTexts();

struct StarterPack {
  absl::string_view yaml;
  std::shared_ptr<const RulePack> pack;  // Never null.
};

// The same, read: the rules of a server that was given none. Read once;
// thread-safe.
const std::vector<StarterPack>& StarterPacks();

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_STARTER_PACKS_H_
