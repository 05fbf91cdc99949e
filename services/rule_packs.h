#ifndef LENSCAP_SERVICES_RULE_PACKS_H_
#define LENSCAP_SERVICES_RULE_PACKS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/snapshot.h"
#include "listings/rule_engine.h"
#include "listings/rule_pack.h"
#include "lists/issuer_store.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/rule_pack_files.h"

namespace lenscap {

// The packs of rules in force: those that came with the program, until one of
// the same id and a greater version is published, and those that were
// published. listings/PACKS.md says what a start does with damaged files.
// Reviews never wait for a change. Thread-safe; one process at a time.
class RulePacks {
 public:
  static constexpr size_t kMaxPacks = 64;

  struct Options {
    std::string directory;
    std::vector<std::string> built_in;     // In YAML.
    const IssuerStore* issuers = nullptr;  // Must outlive this.
    const Clock* clock = Clock::Real();    // The same.
  };
  // INTERNAL for a built-in pack that is none; DATA_LOSS where what was said of
  // rules by hand is damaged.
  static absl::StatusOr<std::unique_ptr<RulePacks>> Open(Options options);

  // To review with, and then to count what it found.
  std::shared_ptr<const RuleEngine> engine() const { return engine_.Get(); }
  void Count(const TextReview& review);

  // As ListingService.PublishRulePack promises; the very pack that is in force
  // changes nothing. RESOURCE_EXHAUSTED beyond kMaxPacks. `may_publish` tells
  // whether the caller may, by the issuer.
  using MayPublish = std::function<absl::Status(absl::string_view issuer)>;
  absl::StatusOr<v1::RulePack> Publish(absl::string_view bytes,
                                       absl::string_view signatures,
                                       const MayPublish& may_publish);

  // NOT_FOUND for a pack or a rule that is not in force.
  absl::StatusOr<v1::RulePack> SetMode(absl::string_view pack_id,
                                       absl::string_view rule_id,
                                       v1::Rule::Mode mode);

  std::vector<v1::RulePack> List() const;  // By id.

  // Files of packs that could not be read at the start, and by what they were
  // replaced.
  struct Damage {
    std::string pack_id;
    absl::Status why;
    std::string instead;  // "starter-zh@3", or empty.
  };
  const std::vector<Damage>& damages() const { return damages_; }

 private:
  struct InForce {
    std::shared_ptr<const RulePack> pack;
    PublishedPack published = {};  // Of a built-in one the bytes alone.
    bool built_in = false;
  };
  using Packs = std::map<std::string, InForce, std::less<>>;
  using Modes = std::map<std::string, ModesByHand>;

  explicit RulePacks(Options options)
      : options_(std::move(options)), files_(options_.directory) {}

  absl::Status Load();
  void TakePublished(const RulePackFiles::Found& found);
  absl::StatusOr<std::shared_ptr<const RuleEngine>> Compile(
      const Packs& packs, const Modes& modes) const;
  absl::Status CheckPublication(const RulePack& pack, absl::string_view bytes,
                                absl::string_view signatures) const;
  v1::RulePack MessageOf(const InForce& in_force) const;

  const Options options_;
  const RulePackFiles files_;
  std::vector<Damage> damages_;  // Set by Load alone.
  Snapshot<RuleEngine> engine_;
  mutable std::mutex mutex_;
  Packs packs_;  // Guarded by mutex_, as what follows.
  Modes modes_;
  mutable std::mutex hits_mutex_;
  // By pack and rule; guarded by hits_mutex_.
  std::map<std::pair<std::string, std::string>, int64_t> hits_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_RULE_PACKS_H_
