#ifndef LENSCAP_SERVICES_RULE_PACK_FILES_H_
#define LENSCAP_SERVICES_RULE_PACK_FILES_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap {

// A pack as it was published.
struct PublishedPack {
  std::string bytes;
  std::string signatures = {};
  absl::Time published = absl::UnixEpoch();
  // Rules that were new, and are in shadow until somebody says otherwise.
  std::set<std::string> new_rules = {};
};

// What was said by hand, by rule: MODE_ACTIVE, MODE_SHADOW, MODE_OFF, or
// MODE_UNSPECIFIED for as the pack says, though the rule be new.
using ModesByHand = std::map<std::string, v1::Rule::Mode>;

// The packs of rules in a directory, each in files of its own that are replaced
// whole and durably; listings/PACKS.md documents them. Not thread-safe; one
// process at a time.
class RulePackFiles {
 public:
  explicit RulePackFiles(std::string directory)
      : directory_(std::move(directory)) {}

  struct Found {
    std::string pack_id;
    // The pack in force and the one before it, where they can be read.
    absl::StatusOr<PublishedPack> pack;
    std::optional<PublishedPack> before;
  };
  // Makes the directory where there is none, and clears away what a crash left.
  // By pack id.
  absl::StatusOr<std::vector<Found>> Load() const;
  // By pack id. DATA_LOSS for a file that is not as it was written: there is
  // nothing else that has what it said.
  absl::StatusOr<std::map<std::string, ModesByHand>> LoadModes() const;

  // The pack that is there now becomes the one before.
  absl::Status Put(absl::string_view pack_id, const PublishedPack& pack) const;
  absl::Status PutModes(absl::string_view pack_id,
                        const ModesByHand& modes) const;

 private:
  std::string PathOf(absl::string_view pack_id,
                     absl::string_view extension) const;

  const std::string directory_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_RULE_PACK_FILES_H_
