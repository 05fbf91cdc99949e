#include "services/cli/rules_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/small_file.h"
#include "base/status_macros.h"

namespace lenscap::cli {

absl::StatusOr<std::shared_ptr<const RulePack>> ReadRulesFile(
    const std::string& path) {
  ASSIGN_OR_RETURN(const std::string yaml,
                   ReadSmallFile(path, kMaxRulePackBytes));
  absl::StatusOr<RulePack> pack = ParseRulePack(yaml);
  if (!pack.ok()) return InRulesFile(path, pack.status());
  return std::make_shared<const RulePack>(*std::move(pack));
}

absl::Status InRulesFile(const std::string& path, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrJoin(absl::StrSplit(status.message(), '\n', absl::SkipEmpty()),
                    "\n", [&](std::string* out, absl::string_view line) {
                      absl::StrAppend(out, path, ": ", line);
                    }));
}

}  // namespace lenscap::cli
