#include "services/rule_packs.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "listings/rule_examples.h"
#include "lists/issuer_keys.h"
#include "lists/signed_payload.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

std::string NameOf(const RulePack& pack) {
  return absl::StrCat(pack.id, "@", pack.version);
}

const Rule* FindRule(const RulePack& pack, absl::string_view rule_id) {
  const auto it =
      std::find_if(pack.rules.begin(), pack.rules.end(),
                   [rule_id](const Rule& rule) { return rule.id == rule_id; });
  return it == pack.rules.end() ? nullptr : &*it;
}

std::optional<v1::Rule::Mode> SaidByHand(
    const std::map<std::string, ModesByHand>& modes, const std::string& pack_id,
    const std::string& rule_id) {
  const auto of_pack = modes.find(pack_id);
  if (of_pack == modes.end()) return std::nullopt;
  const auto it = of_pack->second.find(rule_id);
  if (it == of_pack->second.end()) return std::nullopt;
  return it->second;
}

RuleMode ModeInForce(const std::optional<v1::Rule::Mode>& by_hand,
                     const std::set<std::string>& new_rules, const Rule& rule) {
  switch (by_hand.value_or(v1::Rule::MODE_UNSPECIFIED)) {
    case v1::Rule::MODE_ACTIVE:
      return RuleMode::kActive;
    case v1::Rule::MODE_SHADOW:
      return RuleMode::kShadow;
    case v1::Rule::MODE_OFF:
      return RuleMode::kOff;
    default:
      break;
  }
  const RuleMode of_pack = ModeOf(rule);
  const bool is_new = !by_hand.has_value() && new_rules.contains(rule.id);
  return is_new && of_pack == RuleMode::kActive ? RuleMode::kShadow : of_pack;
}

v1::Rule::Mode MessageOf(RuleMode mode) {
  switch (mode) {
    case RuleMode::kActive:
      return v1::Rule::MODE_ACTIVE;
    case RuleMode::kShadow:
      return v1::Rule::MODE_SHADOW;
    case RuleMode::kOff:
      return v1::Rule::MODE_OFF;
  }
  return v1::Rule::MODE_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RulePacks>> RulePacks::Open(Options options) {
  std::unique_ptr<RulePacks> packs(new RulePacks(std::move(options)));
  RETURN_IF_ERROR(packs->Load());
  return packs;
}

absl::Status RulePacks::Load() {
  for (const std::string& bytes : options_.built_in) {
    auto parsed = ParseRulePack(bytes);
    if (!parsed.ok()) {
      return absl::InternalError(
          absl::StrCat("a built-in pack: ", parsed.status().message()));
    }
    const std::string id = parsed->id;
    packs_[id] = {.pack = std::make_shared<const RulePack>(*std::move(parsed)),
                  .published = {.bytes = bytes},
                  .built_in = true};
  }
  ASSIGN_OR_RETURN(const std::vector<RulePackFiles::Found> published,
                   files_.Load());
  ASSIGN_OR_RETURN(modes_, files_.LoadModes());
  for (const RulePackFiles::Found& found : published) TakePublished(found);
  ASSIGN_OR_RETURN(auto engine, Compile(packs_, modes_));
  engine_.Set(std::move(engine));
  return absl::OkStatus();
}

// The newest that can be read of what was published, unless the one that came
// with the program is newer.
void RulePacks::TakePublished(const RulePackFiles::Found& found) {
  const auto take = [&](const PublishedPack& published) -> absl::Status {
    ASSIGN_OR_RETURN(RulePack pack, ParseRulePack(published.bytes));
    if (pack.id != found.pack_id) {
      return absl::DataLossError("it is of another pack");
    }
    const auto built_in = packs_.find(pack.id);
    if (built_in != packs_.end() &&
        built_in->second.pack->version > pack.version) {
      return absl::OkStatus();
    }
    packs_[found.pack_id] = {
        .pack = std::make_shared<const RulePack>(std::move(pack)),
        .published = published,
        .built_in = false};
    return absl::OkStatus();
  };
  absl::Status taken = found.pack.status();
  if (taken.ok()) taken = take(*found.pack);
  if (taken.ok()) return;
  if (found.before) take(*found.before).IgnoreError();
  const auto instead = packs_.find(found.pack_id);
  damages_.push_back({.pack_id = found.pack_id,
                      .why = taken,
                      .instead = instead == packs_.end()
                                     ? ""
                                     : NameOf(*instead->second.pack)});
}

absl::StatusOr<std::shared_ptr<const RuleEngine>> RulePacks::Compile(
    const Packs& packs, const Modes& modes) const {
  std::vector<std::shared_ptr<const RulePack>> in_force;
  for (const auto& [id, pack] : packs) in_force.push_back(pack.pack);
  return RuleEngine::Compile(std::move(in_force), [&](const RulePack& pack,
                                                      const Rule& rule) {
    return ModeInForce(SaidByHand(modes, pack.id, rule.id),
                       packs.find(pack.id)->second.published.new_rules, rule);
  });
}

absl::Status RulePacks::CheckPublication(const RulePack& pack,
                                         absl::string_view bytes,
                                         absl::string_view signatures) const {
  auto keys = options_.issuers->Get(pack.issuer);
  if (absl::IsNotFound(keys.status())) {
    return absl::PermissionDeniedError(
        absl::StrCat("signatures: ", keys.status().message()));
  }
  RETURN_IF_ERROR(keys.status());
  const absl::Status good = CheckSignatures(
      *keys, signatures, SignedPayload::Bytes(std::string(bytes)),
      options_.clock->Now());
  if (good.ok()) return good;
  return absl::Status(good.code(),
                      absl::StrCat("signatures: ", good.message()));
}

absl::StatusOr<v1::RulePack> RulePacks::Publish(absl::string_view bytes,
                                                absl::string_view signatures,
                                                const MayPublish& may_publish) {
  auto parsed = ParseRulePack(bytes);
  if (!parsed.ok()) {
    return absl::Status(parsed.status().code(),
                        absl::StrCat("pack: ", parsed.status().message()));
  }
  RETURN_IF_ERROR(may_publish(parsed->issuer));
  // Whoever may not publish it learns nothing of what it does.
  RETURN_IF_ERROR(CheckPublication(*parsed, bytes, signatures));
  if (const absl::Status good = CheckExamples(*parsed); !good.ok()) {
    return absl::Status(good.code(), absl::StrCat("pack: ", good.message()));
  }
  const auto pack = std::make_shared<const RulePack>(*std::move(parsed));
  std::lock_guard lock(mutex_);
  InForce next = {.pack = pack,
                  .published = {.bytes = std::string(bytes),
                                .signatures = std::string(signatures),
                                .published = options_.clock->Now()}};
  const auto current = packs_.find(pack->id);
  if (current == packs_.end()) {
    if (packs_.size() >= kMaxPacks) {
      return absl::ResourceExhaustedError(
          absl::StrCat("there are ", kMaxPacks, " packs, as many as may be"));
    }
  } else if (current->second.pack->issuer != pack->issuer) {
    return absl::PermissionDeniedError(absl::StrCat(
        "pack: \"", pack->id, "\" is a pack of \"",
        current->second.pack->issuer, "\", not of \"", pack->issuer, "\""));
  } else if (current->second.published.bytes == bytes) {
    return MessageOf(current->second);
  } else if (current->second.pack->version >= pack->version) {
    return absl::FailedPreconditionError(absl::StrCat(
        "pack: version ", current->second.pack->version, " of \"", pack->id,
        "\" is in force; a greater one must follow, not ", pack->version));
  }
  for (const Rule& rule : pack->rules) {
    const bool is_new = current == packs_.end() ||
                        FindRule(*current->second.pack, rule.id) == nullptr;
    if (is_new || current->second.published.new_rules.contains(rule.id)) {
      next.published.new_rules.insert(rule.id);
    }
  }
  // What was said of a rule of this name that is gone says nothing of a new
  // one.
  Modes modes = modes_;
  size_t forgotten = 0;
  if (const auto said = modes.find(pack->id); said != modes.end()) {
    forgotten = std::erase_if(said->second, [&](const auto& mode) {
      return current == packs_.end() ||
             FindRule(*current->second.pack, mode.first) == nullptr;
    });
  }
  Packs packs = packs_;
  packs[pack->id] = next;
  ASSIGN_OR_RETURN(auto engine, Compile(packs, modes));
  // First: a crash in between has forgotten what nothing is left of.
  if (forgotten > 0) {
    RETURN_IF_ERROR(files_.PutModes(pack->id, modes[pack->id]));
  }
  RETURN_IF_ERROR(files_.Put(pack->id, next.published));
  packs_ = std::move(packs);
  modes_ = std::move(modes);
  engine_.Set(std::move(engine));
  return MessageOf(packs_.find(pack->id)->second);
}

absl::StatusOr<v1::RulePack> RulePacks::SetMode(absl::string_view pack_id,
                                                absl::string_view rule_id,
                                                v1::Rule::Mode mode) {
  std::lock_guard lock(mutex_);
  const auto it = packs_.find(pack_id);
  if (it == packs_.end()) {
    return absl::NotFoundError("pack_id: there is no such pack in force");
  }
  if (FindRule(*it->second.pack, rule_id) == nullptr) {
    return absl::NotFoundError("rule_id: the pack has no such rule");
  }
  Modes modes = modes_;
  ModesByHand& of_pack = modes[it->first];
  of_pack[std::string(rule_id)] = mode;
  // Of rules that are gone nothing needs to be kept.
  std::erase_if(of_pack, [&](const auto& said) {
    return FindRule(*it->second.pack, said.first) == nullptr;
  });
  ASSIGN_OR_RETURN(auto engine, Compile(packs_, modes));
  RETURN_IF_ERROR(files_.PutModes(it->first, of_pack));
  modes_ = std::move(modes);
  engine_.Set(std::move(engine));
  return MessageOf(it->second);
}

std::vector<v1::RulePack> RulePacks::List() const {
  std::lock_guard lock(mutex_);
  std::vector<v1::RulePack> all;
  for (const auto& [id, in_force] : packs_) all.push_back(MessageOf(in_force));
  return all;
}

void RulePacks::Count(const TextReview& review) {
  if (review.hits.empty()) return;
  std::lock_guard lock(hits_mutex_);
  for (const RuleHit& hit : review.hits) ++hits_[{hit.pack_id, hit.rule_id}];
}

// With mutex_ held.
v1::RulePack RulePacks::MessageOf(const InForce& in_force) const {
  const RulePack& pack = *in_force.pack;
  v1::RulePack message;
  message.set_pack_id(pack.id);
  message.set_version(pack.version);
  message.set_issuer(pack.issuer);
  message.set_title(pack.title);
  message.set_sha256(ToBytes(Sha256Of(in_force.published.bytes)));
  message.set_built_in(in_force.built_in);
  if (!in_force.built_in) {
    *message.mutable_published() = ToProto(in_force.published.published);
  }
  const absl::Time now = options_.clock->Now();
  std::lock_guard lock(hits_mutex_);
  for (const Rule& rule : pack.rules) {
    const auto by_hand = SaidByHand(modes_, pack.id, rule.id);
    v1::Rule& told = *message.add_rules();
    told.set_rule_id(rule.id);
    told.set_title(rule.title);
    told.set_description(rule.description);
    told.set_level(rule.level);
    told.set_group(rule.group);
    told.set_score(rule.score);
    told.set_locale(rule.locale);
    told.mutable_tags()->Assign(rule.tags.begin(), rule.tags.end());
    told.set_set_by_hand(by_hand.value_or(v1::Rule::MODE_UNSPECIFIED) !=
                         v1::Rule::MODE_UNSPECIFIED);
    told.set_mode(::lenscap::MessageOf(
        ModeInForce(by_hand, in_force.published.new_rules, rule)));
    if (rule.valid_until) {
      *told.mutable_valid_until() = ToProto(*rule.valid_until);
      if (*rule.valid_until <= now) told.set_mode(v1::Rule::MODE_EXPIRED);
    }
    const auto hits = hits_.find({pack.id, rule.id});
    if (hits != hits_.end()) told.set_hits(hits->second);
  }
  return message;
}

}  // namespace lenscap
