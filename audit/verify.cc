#include "audit/verify.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "audit/audit_record.h"
#include "audit/sealed_line.h"
#include "audit/segment_tail.h"
#include "audit/segments.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

std::string Records(uint64_t first, uint64_t last) {
  return first == last ? absl::StrCat("record ", first)
                       : absl::StrCat("records ", first, " to ", last);
}

std::string Named(const Checkpoint& checkpoint) {
  return absl::StrCat("the checkpoint of ", FormatAuditTime(checkpoint.time));
}

class Verifier {
 public:
  Verifier(const VerifyAuditOptions& options, std::vector<std::string> files,
           bool directory)
      : options_(options), files_(std::move(files)), directory_(directory) {
    for (const Checkpoint& checkpoint : options_.checkpoints) {
      checkpoints_.emplace(checkpoint.sequence, checkpoint);
    }
  }

  absl::StatusOr<AuditVerification> Run() {
    for (size_t i = 0; i < files_.size() && !done_.fault; ++i) {
      RETURN_IF_ERROR(ReadFile(files_[i], i + 1 == files_.size()));
    }
    if (!done_.fault) CheckEnd();
    return done_;
  }

 private:
  absl::Status ReadFile(const std::string& path, bool last_file) {
    file_ = path;
    ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(path));
    while (!done_.fault) {
      ASSIGN_OR_RETURN(const auto line, lines.Next());
      if (!line) break;
      line_ = line->number;
      if (!line->whole && directory_ && last_file && MayBeCutShort(*line)) {
        done_.cut_line = true;
        break;
      }
      RETURN_IF_ERROR(Read(*line));
    }
    return absl::OkStatus();
  }

  absl::Status Read(const AuditLineReader::Line& line) {
    const uint64_t expected = done_.last + 1;
    const auto record = DecodeAuditLine(line.text);
    if (!record.ok()) {
      Fail(expected,
           absl::StrCat("edited, or cut short: ", record.status().message()));
    } else if (!line.whole) {
      Fail(expected, "its line has no end");
    } else if (done_.last == 0 && options_.excerpt) {
      CheckLink(*record);
    } else if (record->sequence > expected) {
      RETURN_IF_ERROR(FailForGap(expected, *record));
    } else if (record->sequence < expected) {
      Fail(std::max<uint64_t>(record->sequence, 1),
           absl::StrCat("put in or moved: record ", record->sequence,
                        " comes after record ", done_.last));
    } else {
      CheckLink(*record);
    }
    return absl::OkStatus();
  }

  void CheckLink(const AuditRecord& record) {
    const bool begins = done_.last == 0 && options_.excerpt;
    if (!begins && record.previous != done_.sha256) {
      const uint64_t before = std::max<uint64_t>(done_.last, 1);
      return Fail(before,
                  absl::StrCat("rewritten, with a hash to match: record ",
                               record.sequence, " was made after another one"));
    }
    if (!CheckAgainstCheckpoints(record)) return;
    if (done_.last == 0) done_.first = record.sequence;
    done_.last = record.sequence;
    done_.sha256 = record.sha256;
  }

  bool CheckAgainstCheckpoints(const AuditRecord& record) {
    const auto [begin, end] = checkpoints_.equal_range(record.sequence);
    for (auto it = begin; it != end; ++it) {
      if (it->second.sha256 != record.sha256) {
        Fail(FirstUnproven(),
             absl::StrCat("rewritten, with hashes to match: ",
                          Named(it->second), " knew another record ",
                          record.sequence, "; the change lies in ",
                          Records(FirstUnproven(), record.sequence)));
        return false;
      }
      ++done_.checkpoints;
      done_.proven_up_to = record.sequence;
    }
    if (record.sequence != 1) return true;
    for (const auto& [sequence, checkpoint] : checkpoints_) {
      if (checkpoint.log == record.sha256) continue;
      Fail(1, absl::StrCat("rewritten, or of another log than ",
                           Named(checkpoint)));
      return false;
    }
    return true;
  }

  uint64_t FirstUnproven() const {
    if (done_.proven_up_to > 0) return done_.proven_up_to + 1;
    return std::max<uint64_t>(done_.first, 1);
  }

  absl::Status FailForGap(uint64_t expected, const AuditRecord& record) {
    ASSIGN_OR_RETURN(const bool moved, Holds(expected));
    if (moved) {
      Fail(expected, absl::StrCat("moved: record ", record.sequence,
                                  " stands in its place"));
    } else {
      Fail(expected,
           absl::StrCat("removed: ", Records(expected, record.sequence - 1),
                        " missing"));
    }
    return absl::OkStatus();
  }

  // Whether a sound record with this sequence stands anywhere.
  absl::StatusOr<bool> Holds(uint64_t sequence) const {
    for (const std::string& path : files_) {
      ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(path));
      while (true) {
        ASSIGN_OR_RETURN(const auto line, lines.Next());
        if (!line) break;
        const auto record = DecodeAuditLine(line->text);
        if (record.ok() && record->sequence == sequence) return true;
      }
    }
    return false;
  }

  void CheckEnd() {
    if (checkpoints_.empty()) return;
    const auto& [sequence, checkpoint] = *checkpoints_.rbegin();
    if (sequence <= done_.last) return;
    Fail(done_.last + 1, absl::StrCat("cut off: ", Named(checkpoint), " knew ",
                                      Records(done_.last + 1, sequence)));
  }

  void Fail(uint64_t record, std::string what) {
    done_.fault = {record, file_, line_, std::move(what)};
  }

  const VerifyAuditOptions& options_;
  const std::vector<std::string> files_;
  const bool directory_;
  std::multimap<uint64_t, Checkpoint> checkpoints_;  // By record.
  std::string file_;
  int64_t line_ = 0;
  AuditVerification done_;
};

}  // namespace

absl::StatusOr<AuditVerification> VerifyAuditLog(
    const VerifyAuditOptions& options) {
  std::error_code error;
  const bool directory = std::filesystem::is_directory(options.path, error);
  std::vector<std::string> files;
  if (directory) {
    ASSIGN_OR_RETURN(const auto segments, ListSegments(options.path));
    for (const Segment& segment : segments) files.push_back(segment.path);
    if (files.empty()) {
      return absl::NotFoundError(
          absl::StrCat(options.path, " holds no audit log"));
    }
  } else {
    files.push_back(options.path);
  }
  return Verifier(options, std::move(files), directory).Run();
}

}  // namespace lenscap
