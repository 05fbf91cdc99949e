#include "takedown/case_sides.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

// A name within a key: none begins like another.
std::string Part(absl::string_view name) {
  return absl::StrCat(name.size(), ":", name);
}

std::string UploadKey(absl::string_view case_id, int64_t number) {
  return absl::StrCat("u", Part(case_id),
                      EncodeUint64(static_cast<uint64_t>(number)));
}
std::string ContentKey(absl::string_view content_id) {
  return absl::StrCat("c", content_id);
}
std::string AccountKey(absl::string_view tenant, absl::string_view account) {
  return absl::StrCat("a", Part(tenant), Part(account));
}
std::string GroupKey(absl::string_view tenant, absl::string_view group) {
  return absl::StrCat("h", Part(tenant), Part(group));
}
std::string FileKey(absl::string_view tenant, absl::string_view sha256) {
  return absl::StrCat("f", Part(tenant), sha256);
}
std::string SharedKey(const v1::Case& opened) {
  return absl::StrCat(
      "g", Part(opened.tenant()), static_cast<int>(opened.queue()), ".",
      static_cast<int>(opened.grouped_by()), ".", opened.shared());
}
std::string CountKey(absl::string_view case_id, absl::string_view kind,
                     absl::string_view name) {
  return absl::StrCat("d", Part(case_id), kind, name);
}

absl::Status Damaged(absl::string_view key) {
  return absl::DataLossError(
      absl::StrCat("the record \"", absl::Utf8SafeCHexEscape(key),
                   "\" is damaged: restore the data directory from a backup"));
}

absl::StatusOr<v1::CaseUpload> Parse(absl::string_view key,
                                     absl::string_view value) {
  v1::CaseUpload upload;
  if (!upload.ParseFromString(std::string(value))) return Damaged(key);
  return upload;
}

absl::Status ForEachUnder(const CaseSides& sides, absl::string_view prefix,
                          absl::string_view after, const VisitRecord& visit) {
  return sides.ForEach(
      prefix, after,
      [&](absl::string_view key, absl::string_view value) -> absl::Status {
        ASSIGN_OR_RETURN(const v1::CaseUpload upload, Parse(key, value));
        return visit(upload);
      });
}

// One more or one less upload with this name; whether that makes one name more
// or less.
absl::StatusOr<int> CountName(const CaseSides& sides, const std::string& key,
                              int by, SideWrites& writes) {
  ASSIGN_OR_RETURN(const auto value, sides.Get(key));
  const auto before = value ? static_cast<int64_t>(DecodeUint64(*value)) : 0;
  const int64_t after = before + by;
  if (after <= 0) {
    writes.push_back({key, std::nullopt});
    return before > 0 ? -1 : 0;
  }
  writes.push_back({key, EncodeUint64(static_cast<uint64_t>(after))});
  return before == 0 ? 1 : 0;
}

}  // namespace

absl::StatusOr<std::optional<UploadPlace>> FindUpload(
    const CaseSides& sides, absl::string_view content_id) {
  const std::string key = ContentKey(content_id);
  ASSIGN_OR_RETURN(const auto value, sides.Get(key));
  if (!value) return std::nullopt;
  if (value->size() <= 8) return Damaged(key);
  const size_t id_bytes = value->size() - 8;
  return UploadPlace{
      value->substr(0, id_bytes),
      static_cast<int64_t>(DecodeUint64(value->substr(id_bytes)))};
}

absl::StatusOr<v1::CaseUpload> ReadUpload(const CaseSides& sides,
                                          const UploadPlace& place) {
  const std::string key = UploadKey(place.case_id, place.number);
  ASSIGN_OR_RETURN(const auto value, sides.Get(key));
  if (value) return Parse(key, *value);
  return absl::NotFoundError(
      absl::StrCat(place.case_id, " has no upload ", place.number));
}

absl::Status ForEachRecord(const CaseSides& sides, absl::string_view case_id,
                           int64_t after, const VisitRecord& visit) {
  return ForEachUnder(sides, absl::StrCat("u", Part(case_id)),
                      UploadKey(case_id, after), visit);
}

absl::Status PutUpload(const v1::CaseUpload& recorded, SideWrites& writes) {
  const std::string bytes = recorded.SerializeAsString();
  if (!v1::CaseUpload().ParseFromString(bytes)) {
    return absl::InvalidArgumentError(
        "the upload holds text that is not UTF-8");
  }
  writes.push_back({UploadKey(recorded.case_id(), recorded.number()), bytes});
  writes.push_back(
      {ContentKey(recorded.content_id()),
       absl::StrCat(recorded.case_id(),
                    EncodeUint64(static_cast<uint64_t>(recorded.number())))});
  v1::CaseUpload brief = recorded;
  brief.clear_report();
  brief.clear_listing();
  const std::string named = brief.SerializeAsString();
  if (!recorded.account().empty()) {
    writes.push_back(
        {absl::StrCat(AccountKey(recorded.tenant(), recorded.account()),
                      recorded.content_id()),
         named});
  }
  if (!recorded.group().empty()) {
    writes.push_back(
        {absl::StrCat(GroupKey(recorded.tenant(), recorded.group()),
                      recorded.content_id()),
         named});
  }
  return absl::OkStatus();
}

void DropUpload(const v1::CaseUpload& recorded, SideWrites& writes) {
  const auto drop = [&](std::string key) {
    writes.push_back({std::move(key), std::nullopt});
  };
  drop(UploadKey(recorded.case_id(), recorded.number()));
  drop(ContentKey(recorded.content_id()));
  if (!recorded.account().empty()) {
    drop(absl::StrCat(AccountKey(recorded.tenant(), recorded.account()),
                      recorded.content_id()));
  }
  if (!recorded.group().empty()) {
    drop(absl::StrCat(GroupKey(recorded.tenant(), recorded.group()),
                      recorded.content_id()));
  }
}

absl::StatusOr<std::optional<std::string>> FindGroup(const CaseSides& sides,
                                                     const v1::Case& opened) {
  return sides.Get(SharedKey(opened));
}

void PutGroup(const v1::Case& opened, absl::string_view case_id,
              SideWrites& writes) {
  writes.push_back({SharedKey(opened), std::string(case_id)});
}

void DropGroup(const v1::Case& opened, SideWrites& writes) {
  writes.push_back({SharedKey(opened), std::nullopt});
}

absl::StatusOr<std::optional<std::string>> FindFile(const CaseSides& sides,
                                                    absl::string_view tenant,
                                                    absl::string_view sha256) {
  if (sha256.empty()) return std::nullopt;
  return sides.Get(FileKey(tenant, sha256));
}

void PutFile(const v1::CaseUpload& recorded, SideWrites& writes) {
  if (recorded.report().sha256().empty()) return;
  writes.push_back({FileKey(recorded.tenant(), recorded.report().sha256()),
                    recorded.content_id()});
}

void NameCounts::Add(const v1::CaseUpload& recorded, int by) {
  if (!recorded.account().empty()) accounts_[recorded.account()] += by;
  if (!recorded.group().empty()) groups_[recorded.group()] += by;
}

absl::Status NameCounts::Write(const CaseSides& sides,
                               absl::string_view case_id, v1::Reach& reach,
                               SideWrites& writes) const {
  for (const auto& [account, by] : accounts_) {
    ASSIGN_OR_RETURN(
        const int more,
        CountName(sides, CountKey(case_id, "a", account), by, writes));
    reach.set_accounts(reach.accounts() + more);
  }
  for (const auto& [group, by] : groups_) {
    ASSIGN_OR_RETURN(
        const int more,
        CountName(sides, CountKey(case_id, "g", group), by, writes));
    reach.set_groups(reach.groups() + more);
  }
  return absl::OkStatus();
}

absl::Status ForEachOfAccount(const CaseSides& sides, absl::string_view tenant,
                              absl::string_view account,
                              const VisitRecord& visit) {
  return ForEachUnder(sides, AccountKey(tenant, account), "", visit);
}

absl::Status ForEachOfGroup(const CaseSides& sides, absl::string_view tenant,
                            absl::string_view group, const VisitRecord& visit) {
  return ForEachUnder(sides, GroupKey(tenant, group), "", visit);
}

absl::StatusOr<SideWrites> ForgetCase(const CaseSides& sides,
                                      const v1::Case& opened) {
  SideWrites writes;
  RETURN_IF_ERROR(ForEachRecord(
      sides, opened.case_id(), 0,
      [&](const v1::CaseUpload& recorded) -> absl::Status {
        DropUpload(recorded, writes);
        ASSIGN_OR_RETURN(
            const auto of_file,
            FindFile(sides, recorded.tenant(), recorded.report().sha256()));
        if (of_file == recorded.content_id()) {
          writes.push_back(
              {FileKey(recorded.tenant(), recorded.report().sha256()),
               std::nullopt});
        }
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(
      sides.ForEach(absl::StrCat("d", Part(opened.case_id())), "",
                    [&](absl::string_view key, absl::string_view) {
                      writes.push_back({std::string(key), std::nullopt});
                      return absl::OkStatus();
                    }));
  v1::Case key = opened;
  ASSIGN_OR_RETURN(const auto group, FindGroup(sides, key));
  if (group == opened.case_id()) DropGroup(key, writes);
  return writes;
}

}  // namespace lenscap
