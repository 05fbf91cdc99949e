#include "services/rule_pack_handler.h"

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "index/clip.h"
#include "listings/rule_pack.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxSignatureBytes = 64 << 10;
constexpr size_t kMaxRuleIdBytes = 256;
// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

absl::Status Record(const RulePackRooms& rooms, const AuditEntry& entry) {
  return rooms.record == nullptr ? absl::OkStatus() : rooms.record(entry);
}

}  // namespace

absl::StatusOr<v1::RulePack> PublishRulePack(
    const RulePackRooms& rooms, const Caller& caller,
    const v1::PublishRulePackRequest& request) {
  RETURN_IF_ERROR(CheckLength("pack", request.pack(), 1, kMaxRulePackBytes));
  RETURN_IF_ERROR(
      CheckLength("signatures", request.signatures(), 1, kMaxSignatureBytes));
  ASSIGN_OR_RETURN(
      v1::RulePack pack,
      rooms.packs->Publish(
          request.pack(), request.signatures(), [&](absl::string_view issuer) {
            if (SeesListsOf(caller, issuer)) return absl::OkStatus();
            return absl::PermissionDeniedError(
                absl::StrCat("pack: ", ActorOf(caller), " publishes for \"",
                             caller.issuer, "\" alone"));
          }));
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = "rule_pack.publish";
  entry.subject = absl::StrCat("rule_pack/", pack.pack_id());
  entry.details = {{"issuer", pack.issuer()},
                   {"version", absl::StrCat(pack.version())},
                   {"sha256", ToHex(Sha256Of(request.pack()))}};
  RETURN_IF_ERROR(Record(rooms, entry));
  return pack;
}

v1::ListRulePacksReply ListRulePacks(const RulePackRooms& rooms) {
  v1::ListRulePacksReply reply;
  for (v1::RulePack& pack : rooms.packs->List()) {
    *reply.add_packs() = std::move(pack);
  }
  if (reply.ByteSizeLong() <= kMaxReplyBytes) return reply;
  for (v1::RulePack& pack : *reply.mutable_packs()) {
    for (v1::Rule& rule : *pack.mutable_rules()) {
      rule.clear_description();
      rule.clear_tags();
    }
  }
  return reply;
}

absl::StatusOr<v1::RulePack> SetRuleMode(
    const RulePackRooms& rooms, const Caller& caller,
    const v1::SetRuleModeRequest& request) {
  RETURN_IF_ERROR(CheckListId("pack_id", request.pack_id()));
  RETURN_IF_ERROR(
      CheckLength("rule_id", request.rule_id(), 1, kMaxRuleIdBytes));
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  if (!v1::Rule::Mode_IsValid(request.mode()) ||
      request.mode() == v1::Rule::MODE_EXPIRED) {
    return absl::InvalidArgumentError(
        absl::StrCat("mode: expected MODE_ACTIVE, MODE_SHADOW, MODE_OFF or "
                     "MODE_UNSPECIFIED, got ",
                     static_cast<int>(request.mode())));
  }
  ASSIGN_OR_RETURN(const v1::RulePack pack,
                   rooms.packs->SetMode(request.pack_id(), request.rule_id(),
                                        request.mode()));
  AuditEntry entry;
  entry.actor = ActorOf(caller);
  entry.action = "rule_pack.set_mode";
  entry.subject = absl::StrCat("rule_pack/", pack.pack_id());
  entry.reason = request.reason();
  entry.details = {{"rule", request.rule_id()},
                   {"mode", v1::Rule::Mode_Name(request.mode())},
                   {"version", absl::StrCat(pack.version())}};
  RETURN_IF_ERROR(Record(rooms, entry));
  return pack;
}

}  // namespace lenscap
