#include "services/rule_pack_files.h"

#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "services/rule_pack_record.pb.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr char kPack[] = ".pack";
constexpr char kBefore[] = ".before";
constexpr char kModes[] = ".modes";
// A pack of 1 MiB with signatures, and names of all its rules.
constexpr size_t kMaxFileBytes = 8 << 20;

absl::Status Damaged(const std::string& path) {
  return absl::DataLossError(
      absl::StrCat(path, " is damaged: it is not as it was written"));
}

template <typename Record>
absl::Status WriteRecord(const std::string& path, const Record& record) {
  services::RulePackFile file;
  file.set_record(record.SerializeAsString());
  file.set_sha256(ToBytes(Sha256Of(file.record())));
  return WriteSmallFile(path, file.SerializeAsString());
}

template <typename Record>
absl::StatusOr<Record> ReadRecord(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadSmallFile(path, kMaxFileBytes));
  services::RulePackFile file;
  Record record;
  if (!file.ParseFromString(bytes) ||
      file.sha256() != ToBytes(Sha256Of(file.record())) ||
      !record.ParseFromString(file.record())) {
    return Damaged(path);
  }
  return record;
}

absl::StatusOr<PublishedPack> ReadPack(const std::string& path) {
  ASSIGN_OR_RETURN(const services::RulePackRecord record,
                   ReadRecord<services::RulePackRecord>(path));
  return PublishedPack{
      .bytes = record.pack(),
      .signatures = record.signatures(),
      .published = absl::UnixEpoch() + absl::Nanoseconds(record.published_ns()),
      .new_rules = {record.new_rules().begin(), record.new_rules().end()}};
}

}  // namespace

std::string RulePackFiles::PathOf(absl::string_view pack_id,
                                  absl::string_view extension) const {
  return (fs::path(directory_) / absl::StrCat(pack_id, extension)).string();
}

absl::StatusOr<std::vector<RulePackFiles::Found>> RulePackFiles::Load() const {
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error) return absl::ErrnoToStatus(error.value(), directory_);
  std::set<std::string> ids;
  for (fs::directory_iterator it(directory_, error), end; it != end;
       it.increment(error)) {
    if (error) break;
    const std::string name = it->path().filename().string();
    if (absl::EndsWith(name, kUnfinished)) {
      fs::remove(it->path(), error);  // Of a crash.
    } else if (absl::EndsWith(name, kPack)) {
      ids.insert(name.substr(0, name.size() - sizeof(kPack) + 1));
    }
  }
  if (error) return absl::ErrnoToStatus(error.value(), directory_);
  std::vector<Found> all;
  for (const std::string& id : ids) {
    Found found{.pack_id = id,
                .pack = ReadPack(PathOf(id, kPack)),
                .before = std::nullopt};
    if (auto before = ReadPack(PathOf(id, kBefore)); before.ok()) {
      found.before = *std::move(before);
    }
    all.push_back(std::move(found));
  }
  return all;
}

absl::StatusOr<std::map<std::string, ModesByHand>> RulePackFiles::LoadModes()
    const {
  std::map<std::string, ModesByHand> all;
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; it != end;
       it.increment(error)) {
    if (error) break;
    const std::string path = it->path().string();
    if (!absl::EndsWith(path, kModes)) continue;
    ASSIGN_OR_RETURN(const services::RuleModesRecord record,
                     ReadRecord<services::RuleModesRecord>(path));
    if (path != PathOf(record.pack_id(), kModes)) return Damaged(path);
    ModesByHand& modes = all[record.pack_id()];
    for (const auto& [rule, mode] : record.modes()) {
      if (!v1::Rule::Mode_IsValid(mode)) return Damaged(path);
      modes[rule] = static_cast<v1::Rule::Mode>(mode);
    }
  }
  if (error) return absl::ErrnoToStatus(error.value(), directory_);
  return all;
}

absl::Status RulePackFiles::Put(absl::string_view pack_id,
                                const PublishedPack& pack) const {
  const std::string path = PathOf(pack_id, kPack);
  // What cannot be read is nothing to go back to.
  const auto current = ReadRecord<services::RulePackRecord>(path);
  if (current.ok()) {
    RETURN_IF_ERROR(WriteRecord(PathOf(pack_id, kBefore), *current));
  }
  services::RulePackRecord record;
  record.set_pack(pack.bytes);
  record.set_signatures(pack.signatures);
  record.set_published_ns(absl::ToUnixNanos(pack.published));
  for (const std::string& rule : pack.new_rules) record.add_new_rules(rule);
  return WriteRecord(path, record);
}

absl::Status RulePackFiles::PutModes(absl::string_view pack_id,
                                     const ModesByHand& modes) const {
  services::RuleModesRecord record;
  record.set_pack_id(std::string(pack_id));
  for (const auto& [rule, mode] : modes) (*record.mutable_modes())[rule] = mode;
  return WriteRecord(PathOf(pack_id, kModes), record);
}

}  // namespace lenscap
