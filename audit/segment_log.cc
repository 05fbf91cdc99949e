// The audit log in files of a directory.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "audit/audit_log.h"
#include "audit/segment_tail.h"
#include "audit/segments.h"
#include "base/group_commit.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

// Bytes of the entries of one sync.
constexpr size_t kMaxGroupBytes = size_t{4} << 20;

absl::Status WriteError(int error, const std::string& path) {
  const std::string what = absl::StrCat("writing ", path);
  if (error != ENOSPC && error != EDQUOT) {
    return absl::ErrnoToStatus(error, what);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat(what, ": ", std::strerror(error)));
}

// A file that is appended to. Closed at the end.
class AppendFile {
 public:
  static absl::StatusOr<AppendFile> Open(const std::string& path,
                                         uint64_t size) {
    const int file =
        open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return WriteError(errno, path);
    AppendFile opened(path, file, size);
    RETURN_IF_ERROR(opened.CutTo(size));
    return opened;
  }
  AppendFile(AppendFile&& other) noexcept
      : path_(std::move(other.path_)),
        file_(std::exchange(other.file_, -1)),
        size_(other.size_),
        broken_(std::move(other.broken_)) {}
  AppendFile& operator=(AppendFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(size_, other.size_);
    std::swap(broken_, other.broken_);
    return *this;
  }
  ~AppendFile() {
    if (file_ >= 0) close(file_);
  }

  // All of `bytes`, on disk, or none of them. Where a failure could not be
  // taken back, every later call fails too.
  absl::Status Append(absl::string_view bytes) {
    RETURN_IF_ERROR(broken_);
    absl::Status written = WriteAndSync(bytes);
    if (written.ok()) {
      size_ += bytes.size();
    } else {
      broken_ = CutTo(size_);
    }
    return written;
  }
  uint64_t size() const { return size_; }

 private:
  AppendFile(std::string path, int file, uint64_t size)
      : path_(std::move(path)), file_(file), size_(size) {}

  absl::Status WriteAndSync(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = write(file_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return WriteError(errno, path_);
      bytes.remove_prefix(written);
    }
    if (fdatasync(file_) != 0) return WriteError(errno, path_);
    return absl::OkStatus();
  }
  absl::Status CutTo(uint64_t size) {
    if (ftruncate(file_, static_cast<off_t>(size)) != 0) {
      return WriteError(errno, path_);
    }
    return absl::OkStatus();
  }

  std::string path_;
  int file_;
  uint64_t size_;
  absl::Status broken_;
};

absl::Status SyncDirectory(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  const int failed = fsync(file) == 0 ? 0 : errno;
  close(file);
  return failed == 0 ? absl::OkStatus() : WriteError(failed, path);
}

absl::Status TooLarge(absl::string_view what, size_t is, size_t most) {
  return absl::InvalidArgumentError(absl::StrCat(
      "an audit record has ", is, " ", what, "; it may have ", most));
}

// What a file that follows says of all sources has to fit into its records.
absl::Status CheckEntry(const AuditEntry& entry) {
  if (entry.details.size() > kMaxAuditDetails) {
    return TooLarge("details", entry.details.size(), kMaxAuditDetails);
  }
  if (entry.source.size() > kMaxAuditSourceBytes) {
    return TooLarge("bytes of source", entry.source.size(),
                    kMaxAuditSourceBytes);
  }
  return absl::OkStatus();
}

class SegmentLog final : public AuditLog {
 public:
  explicit SegmentLog(Options options)
      : options_(std::move(options)),
        group_([this](const auto& requests) { Commit(requests); },
               kMaxGroupBytes) {}

  absl::Status Start();

  absl::StatusOr<std::vector<AuditRecord>> AppendAll(
      absl::Span<const AuditEntry> entries) override;
  uint64_t LastOf(absl::string_view source) const override;
  absl::Status ForEach(uint64_t after, const Visit& visit) const override;
  Head head() const override {
    std::lock_guard lock(mutex_);
    return head_;
  }
  Sha256 id() const override { return id_; }
  bool dropped_cut_line() const override { return dropped_cut_line_; }

 private:
  struct Request {
    absl::Span<const AuditEntry> entries;
    absl::StatusOr<std::vector<AuditRecord>> recorded =
        absl::InternalError("not done");
  };

  absl::Status TakeUp(const std::vector<Segment>& segments);
  absl::Status StartSegment(absl::Span<const AuditEntry> first);
  std::vector<AuditEntry> Continuation() const;
  // The record that follows on `head`, which becomes the new head.
  AuditRecord Seal(const AuditEntry& entry, Head& head,
                   std::string& line) const;
  void Commit(const std::vector<Request*>& requests);
  void TryCommit(const std::vector<Request*>& requests);
  // All of the entries, one after the other on `head`, which becomes the last.
  struct Sealed {
    std::vector<AuditRecord> records;
    std::string lines;
  };
  absl::StatusOr<Sealed> SealAll(absl::Span<const AuditEntry> entries,
                                 Head& head) const;
  // Makes what was written what readers see.
  void Publish(const Head& head, const std::vector<AuditRecord>& records);

  const Options options_;
  Sha256 id_ = {};
  bool dropped_cut_line_ = false;
  // Of the one who commits.
  std::optional<AppendFile> file_;

  mutable std::mutex mutex_;
  Head head_;                                             // Guarded by mutex_.
  std::map<std::string, uint64_t, std::less<>> sources_;  // Guarded by mutex_.
  GroupCommit<Request> group_;
};

absl::Status SegmentLog::Start() {
  std::error_code error;
  if (fs::create_directories(options_.directory, error)) {
    fs::permissions(options_.directory, fs::perms::owner_all, error);
  }
  if (error) return absl::ErrnoToStatus(error.value(), options_.directory);
  ASSIGN_OR_RETURN(std::vector<Segment> segments,
                   ListSegments(options_.directory));
  RETURN_IF_ERROR(TakeUp(segments));
  if (!file_) {
    const AuditEntry begin = {.actor = "system", .action = "audit.begin"};
    RETURN_IF_ERROR(StartSegment(absl::MakeConstSpan(&begin, 1)));
    id_ = head_.sha256;
  }
  return absl::OkStatus();
}

// The end of the log that is there, if any.
absl::Status SegmentLog::TakeUp(const std::vector<Segment>& segments) {
  for (auto it = segments.rbegin(); it != segments.rend(); ++it) {
    ASSIGN_OR_RETURN(SegmentTail tail, ReadSegmentTail(*it));
    dropped_cut_line_ |= tail.cut_line;
    if (tail.records == 0 || tail.continues) {
      // A crash came before all of the records that begin a file.
      if (unlink(it->path.c_str()) != 0) return WriteError(errno, it->path);
      continue;
    }
    const bool first = std::next(it) == segments.rend();
    Sha256 previous = {};
    if (!first) {
      ASSIGN_OR_RETURN(previous, LastHashOf(*std::next(it)));
    }
    if (tail.previous != previous) {
      return absl::DataLossError(
          absl::StrCat(it->path, ": its first record, ", it->first,
                       ", does not follow on the file before"));
    }
    ASSIGN_OR_RETURN(file_, AppendFile::Open(it->path, tail.bytes));
    head_ = {tail.last.sequence, tail.last.sha256, tail.last.time};
    sources_ = std::move(tail.sources);
    ASSIGN_OR_RETURN(id_, FirstHashOf(segments.front()));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

AuditRecord SegmentLog::Seal(const AuditEntry& entry, Head& head,
                             std::string& line) const {
  AuditRecord record;
  record.sequence = head.sequence + 1;
  record.time =
      std::max(head.time,
               absl::FromUnixMicros(absl::ToUnixMicros(options_.clock->Now())));
  record.entry = entry;
  record.previous = head.sha256;
  line = EncodeAuditLine(record);
  head = {record.sequence, record.sha256, record.time};
  return record;
}

// So that a start has to read the last file alone: all sources, as many records
// as they need.
std::vector<AuditEntry> SegmentLog::Continuation() const {
  const AuditEntry empty = {.actor = "system", .action = kContinueAction};
  std::vector<AuditEntry> entries = {empty};
  std::lock_guard lock(mutex_);
  for (const auto& [source, sequence] : sources_) {
    if (entries.back().details.size() == kMaxAuditDetails) {
      entries.back().subject = kContinueMore;
      entries.push_back(empty);
    }
    entries.back().details.emplace_back(source, absl::StrCat(sequence));
  }
  return entries;
}

absl::Status SegmentLog::StartSegment(absl::Span<const AuditEntry> first) {
  Head head = this->head();
  const std::string path = SegmentPath(options_.directory, head.sequence + 1);
  ASSIGN_OR_RETURN(AppendFile file, AppendFile::Open(path, 0));
  ASSIGN_OR_RETURN(const Sealed sealed, SealAll(first, head));
  RETURN_IF_ERROR(file.Append(sealed.lines));
  RETURN_IF_ERROR(SyncDirectory(options_.directory));
  file_ = std::move(file);
  Publish(head, {});
  return absl::OkStatus();
}

void SegmentLog::Publish(const Head& head,
                         const std::vector<AuditRecord>& records) {
  std::lock_guard lock(mutex_);
  head_ = head;
  for (const AuditRecord& record : records) {
    const AuditEntry& entry = record.entry;
    if (entry.source.empty()) continue;
    uint64_t& last = sources_[entry.source];
    last = std::max(last, entry.source_sequence);
  }
}

absl::StatusOr<std::vector<AuditRecord>> SegmentLog::AppendAll(
    absl::Span<const AuditEntry> entries) {
  Request request{entries};
  size_t weight = 0;
  for (const AuditEntry& entry : entries) {
    weight += entry.reason.size();
    for (const auto& [name, value] : entry.details) {
      weight += name.size() + value.size();
    }
  }
  group_.Run(&request, weight);
  return std::move(request.recorded);
}

void SegmentLog::Commit(const std::vector<Request*>& requests) {
  absl::Status ready;
  if (file_->size() >= options_.segment_bytes) {
    ready = StartSegment(Continuation());
  }
  if (ready.ok()) return TryCommit(requests);
  for (Request* request : requests) request->recorded = ready;
}

absl::StatusOr<SegmentLog::Sealed> SegmentLog::SealAll(
    absl::Span<const AuditEntry> entries, Head& head) const {
  Sealed sealed;
  for (const AuditEntry& entry : entries) {
    RETURN_IF_ERROR(CheckEntry(entry));
    std::string line;
    sealed.records.push_back(Seal(entry, head, line));
    if (line.size() > kMaxAuditLineBytes) {
      return TooLarge("bytes", line.size(), kMaxAuditLineBytes);
    }
    absl::StrAppend(&sealed.lines, line, "\n");
  }
  return sealed;
}

void SegmentLog::TryCommit(const std::vector<Request*>& requests) {
  Head head = this->head();
  std::string lines;
  for (Request* request : requests) {
    Head next = head;
    auto sealed = SealAll(request->entries, next);
    if (!sealed.ok()) {
      request->recorded = sealed.status();
      continue;
    }
    absl::StrAppend(&lines, sealed->lines);
    request->recorded = std::move(sealed->records);
    head = next;
  }
  if (lines.empty()) return;
  const absl::Status written = file_->Append(lines);
  for (Request* request : requests) {
    if (!request->recorded.ok()) continue;
    if (!written.ok()) {
      request->recorded = written;
    } else {
      Publish(head, *request->recorded);
    }
  }
}

uint64_t SegmentLog::LastOf(absl::string_view source) const {
  std::lock_guard lock(mutex_);
  const auto it = sources_.find(source);
  return it == sources_.end() ? 0 : it->second;
}

absl::Status SegmentLog::ForEach(uint64_t after, const Visit& visit) const {
  const uint64_t last = head().sequence;
  ASSIGN_OR_RETURN(const auto segments, ListSegments(options_.directory));
  for (size_t i = 0; i < segments.size() && after < last; ++i) {
    const bool before =
        i + 1 < segments.size() && segments[i + 1].first <= after + 1;
    if (before) continue;
    ASSIGN_OR_RETURN(AuditLineReader lines,
                     AuditLineReader::Open(segments[i].path));
    while (after < last) {
      ASSIGN_OR_RETURN(const auto line, lines.Next());
      if (!line) break;
      ASSIGN_OR_RETURN(const AuditRecord record,
                       DecodeLineOf(segments[i].path, *line));
      if (record.sequence <= after) continue;
      RETURN_IF_ERROR(visit(record, line->text));
      after = record.sequence;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AuditRecord> AuditLog::Append(const AuditEntry& entry) {
  ASSIGN_OR_RETURN(std::vector<AuditRecord> records,
                   AppendAll(absl::MakeConstSpan(&entry, 1)));
  return std::move(records.front());
}

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(Options options) {
  auto log = std::make_unique<SegmentLog>(std::move(options));
  RETURN_IF_ERROR(log->Start());
  return log;
}

}  // namespace lenscap
