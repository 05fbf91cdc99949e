#ifndef LENSCAP_TAKEDOWN_CASE_SIDES_H_
#define LENSCAP_TAKEDOWN_CASE_SIDES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What stands beside the cases in a queue's side records (CASES.md has the
// format): the uploads of each case, and where to find an upload by its content
// id, account, group and file, and a case by what its uploads share. Functions
// that take `writes` add to it what a change has to write.

using SideWrites = std::vector<LeaseQueue::SideWrite>;
using CaseSides = LeaseQueue::Sides;

// Where an upload is.
struct UploadPlace {
  std::string case_id;
  int64_t number = 0;
};
absl::StatusOr<std::optional<UploadPlace>> FindUpload(
    const CaseSides& sides, absl::string_view content_id);

// As it is recorded (takedown/decided.h). NOT_FOUND, DATA_LOSS.
absl::StatusOr<v1::CaseUpload> ReadUpload(const CaseSides& sides,
                                          const UploadPlace& place);
// Those of a case with numbers above `after`, in order, until `visit` returns
// an error, which is passed on.
using VisitRecord = std::function<absl::Status(const v1::CaseUpload&)>;
absl::Status ForEachRecord(const CaseSides& sides, absl::string_view case_id,
                           int64_t after, const VisitRecord& visit);

// The record, and what finds it. INVALID_ARGUMENT where text is not UTF-8.
absl::Status PutUpload(const v1::CaseUpload& recorded, SideWrites& writes);
// Of an upload that leaves its case for another, or for good.
void DropUpload(const v1::CaseUpload& recorded, SideWrites& writes);

// The case that took the last upload that shares this.
absl::StatusOr<std::optional<std::string>> FindGroup(const CaseSides& sides,
                                                     const v1::Case& opened);
void PutGroup(const v1::Case& opened, absl::string_view case_id,
              SideWrites& writes);
void DropGroup(const v1::Case& opened, SideWrites& writes);

// The content id of an upload of the tenant with this very file.
absl::StatusOr<std::optional<std::string>> FindFile(const CaseSides& sides,
                                                    absl::string_view tenant,
                                                    absl::string_view sha256);
void PutFile(const v1::CaseUpload& recorded, SideWrites& writes);

// How many uploads with which account and group join a case, or leave it where
// the numbers are negative.
class NameCounts {
 public:
  void Add(const v1::CaseUpload& recorded, int by);
  // Counts them among those of the case, in `reach` and in side records.
  absl::Status Write(const CaseSides& sides, absl::string_view case_id,
                     v1::Reach& reach, SideWrites& writes) const;

 private:
  std::map<std::string, int> accounts_;
  std::map<std::string, int> groups_;
};

// The uploads of an account or a group, without reports, in order of content
// ids.
absl::Status ForEachOfAccount(const CaseSides& sides, absl::string_view tenant,
                              absl::string_view account,
                              const VisitRecord& visit);
absl::Status ForEachOfGroup(const CaseSides& sides, absl::string_view tenant,
                            absl::string_view group, const VisitRecord& visit);

// Forgets everything that stands beside the case.
absl::StatusOr<SideWrites> ForgetCase(const CaseSides& sides,
                                      const v1::Case& opened);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CASE_SIDES_H_
