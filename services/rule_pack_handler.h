#ifndef LENSCAP_SERVICES_RULE_PACK_HANDLER_H_
#define LENSCAP_SERVICES_RULE_PACK_HANDLER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "audit/audit_log.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/caller.h"
#include "services/rule_packs.h"

namespace lenscap {

// What the calls about rule packs work with; all must outlive it.
struct RulePackRooms {
  RulePacks* packs = nullptr;
  // Puts what was done on record, before it is answered; null keeps none.
  std::function<absl::Status(const AuditEntry&)> record;
};

// The calls of the listing service about packs, for a caller who may make them.
// A regulator publishes packs of its own issuer alone. What could not be put on
// record is in force all the same; the caller should try again.
absl::StatusOr<v1::RulePack> PublishRulePack(
    const RulePackRooms& rooms, const Caller& caller,
    const v1::PublishRulePackRequest& request);
v1::ListRulePacksReply ListRulePacks(const RulePackRooms& rooms);
absl::StatusOr<v1::RulePack> SetRuleMode(const RulePackRooms& rooms,
                                         const Caller& caller,
                                         const v1::SetRuleModeRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_RULE_PACK_HANDLER_H_
