#include "listings/starter_packs.h"

#include <cstdlib>
#include <utility>

#include "absl/status/statusor.h"

namespace lenscap {
namespace {

constexpr char kEnglish[] =
#include "listings/starter_en.inc"
    ;
constexpr char kChinese[] =
#include "listings/starter_zh.inc"
    ;

StarterPack Read(absl::string_view yaml) {
  absl::StatusOr<RulePack> pack = ParseRulePack(yaml);
  if (!pack.ok()) std::abort();  // A test reads it.
  return {yaml, std::make_shared<const RulePack>(*std::move(pack))};
}

}  // namespace

std::vector<absl::string_view> StarterPackTexts() {
  return {kEnglish, kChinese};
}

const std::vector<StarterPack>& StarterPacks() {
  static const auto* const packs = [] {
    auto* read = new std::vector<StarterPack>;
    for (absl::string_view yaml : StarterPackTexts()) {
      read->push_back(Read(yaml));
    }
    return read;
  }();
  return *packs;
}

}  // namespace lenscap
