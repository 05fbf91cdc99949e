#ifndef LENSCAP_SERVICES_DATA_DIRECTORY_H_
#define LENSCAP_SERVICES_DATA_DIRECTORY_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// The directory that holds everything that must last, and the claim of this
// process on it, which ends with the object:
//   LOCK      locked (flock) by the process that has the directory
//   access/   the tokens by which callers sign in (services/token_store.h)
//   audit/    the audit log, the server's key and checkpoints (audit/FORMAT.md)
//   cases/    the takedown queue, a LeaseQueue (takedown/CASES.md)
//   evidence/ sealed stills, evidence_keys/ what opens them, and exposure/ what
//             reviewers were shown (takedown/EVIDENCE.md)
//   holds/    uploads that are not to be seen yet (takedown/HOLDS.md)
//   index/    the known clips (index/FORMAT.md)
//   issuers/  whose signatures of lists count (lists/issuer_store.h)
//   lists/    the signed versions of lists (lists/list_archive.h)
//   outcomes/ what platforms are told (takedown/outcome_log.h)
//   reports/  what people have reported (takedown/VICTIM_REPORTS.md)
//   scans/    the accepted scans, a LeaseQueue of services/scan_job.proto
//   spool/    files that are being uploaded or wait for their scan, by scan id
//   uploads/  the fingerprints of scanned uploads (index/UPLOADS.md)
//   webhooks/ where outcomes go to, with the keys, and what was delivered
class DataDirectory {
 public:
  // Makes the directory if it is absent, for this user alone.
  // FAILED_PRECONDITION where another process has it; else what the file
  // system says.
  static absl::StatusOr<std::unique_ptr<DataDirectory>> Open(
      const std::string& path);
  ~DataDirectory();
  DataDirectory(const DataDirectory&) = delete;
  DataDirectory& operator=(const DataDirectory&) = delete;

  std::string Below(absl::string_view name) const {
    return absl::StrCat(path_, "/", name);
  }
  // The same, of a directory that is made if it is absent, for this user alone.
  absl::StatusOr<std::string> MakeBelow(absl::string_view name) const;

 private:
  DataDirectory(std::string path, int lock)
      : path_(std::move(path)), lock_(lock) {}
  const std::string path_;
  const int lock_;  // A descriptor; the lock goes when it is closed.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_DATA_DIRECTORY_H_
