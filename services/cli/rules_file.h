#ifndef LENSCAP_SERVICES_CLI_RULES_FILE_H_
#define LENSCAP_SERVICES_CLI_RULES_FILE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "listings/rule_pack.h"

namespace lenscap::cli {

// A pack of rules from a file. A line of the error's message for each fault,
// each of which begins with the path.
absl::StatusOr<std::shared_ptr<const RulePack>> ReadRulesFile(
    const std::string& path);

// The status with "path: " before each line of its message.
absl::Status InRulesFile(const std::string& path, const absl::Status& status);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_RULES_FILE_H_
