#include "services/cli/scan_command.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/evidence_file.h"
#include "services/cli/file_walk.h"
#include "services/cli/progress.h"
#include "services/cli/scan_client.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

// The files of one command, scanned by several threads. Their results keep
// the order of the files.
class Batch {
 public:
  Batch(const ScanOptions& options, const Connection& connection,
        std::vector<InputFile> files)
      : options_(options),
        connection_(connection),
        files_(std::move(files)),
        pages_(files_.size()),
        results_(files_.size()),
        progress_(std::in_place, files_,
                  options.no_progress ? -1 : STDERR_FILENO) {}

  void Run() {
    const size_t jobs = std::clamp<size_t>(
        options_.jobs > 0 ? options_.jobs : std::thread::hardware_concurrency(),
        1, std::max<size_t>(files_.size(), 1));
    std::vector<std::thread> workers;
    for (size_t i = 1; i < jobs; ++i) {
      workers.emplace_back([this] { Work(); });
    }
    Work();
    for (std::thread& worker : workers) worker.join();
    progress_.reset();
  }

  // Of the files that have one, in order.
  std::vector<v1::ScanReport> TakeReports() {
    std::vector<v1::ScanReport> reports;
    for (auto& result : results_) {
      if (result && result->ok()) reports.push_back(**std::move(result));
    }
    return reports;
  }
  const std::vector<absl::Status>& errors() const { return errors_; }

  // "a.mp4: evidence in pages/a.mp4.svg", for each file that has a page.
  std::string DescribePages() const {
    std::string text;
    for (size_t i = 0; i < files_.size(); ++i) {
      if (pages_[i].empty()) continue;
      absl::StrAppend(&text, Printable(files_[i].path), ": evidence in ",
                      Printable(pages_[i]), "\n");
    }
    return text.empty() ? "no file has pictures to show as evidence\n" : text;
  }

 private:
  void Work() {
    while (const std::optional<size_t> i = NextFile()) {
      absl::StatusOr<v1::ScanReport> report = Scan(*i);
      progress_->Finish(*i);
      if (report.ok()) WritePage(*i, *report);
      Keep(*i, std::move(report));
    }
  }

  void WritePage(size_t i, const v1::ScanReport& report) {
    if (options_.evidence_directory.empty()) return;
    absl::StatusOr<std::string> page =
        WriteEvidence(options_.evidence_directory, report);
    if (page.ok()) {
      pages_[i] = *std::move(page);
      return;
    }
    std::lock_guard lock(mutex_);
    errors_.push_back(page.status());
  }

  std::optional<size_t> NextFile() {
    std::lock_guard lock(mutex_);
    // Without a server there is no point in trying the rest.
    if (lost_server_ || next_ == files_.size()) return std::nullopt;
    return next_++;
  }

  absl::StatusOr<v1::ScanReport> Scan(size_t i) {
    const InputFile& file = files_[i];
    progress_->Update(i, 0);
    if (!file.status.ok()) return UnreadableReport(file.path, file.status);
    v1::UploadHeader header;
    header.set_content_id(options_.content_id);
    header.set_account(options_.account);
    header.set_group(options_.group);
    header.set_effort(options_.effort);
    header.set_tenant(options_.tenant);
    header.set_stills(!options_.evidence_directory.empty());
    return ScanOneFile(connection_, file.path, std::move(header),
                       [&](double share) { progress_->Update(i, share); });
  }

  void Keep(size_t i, absl::StatusOr<v1::ScanReport> report) {
    std::lock_guard lock(mutex_);
    if (!report.ok()) {
      lost_server_ |= absl::IsUnavailable(report.status());
      errors_.push_back(absl::Status(
          report.status().code(),
          absl::StrCat(files_[i].path, ": ", report.status().message())));
    }
    results_[i] = std::move(report);
    if (options_.json) {
      PrintFinished();
    } else if (results_[i]->ok()) {
      DropStills(**results_[i]);
    }
  }

  // What was written or printed already need not be kept to the end: of
  // thousands of files it is a lot.
  static void DropStills(v1::ScanReport& report) {
    report.mutable_cues()->clear_stills();
  }

  // Reports go out in order, as soon as all before them have.
  void PrintFinished() {
    for (; printed_ < results_.size() && results_[printed_]; ++printed_) {
      absl::StatusOr<v1::ScanReport>& result = *results_[printed_];
      if (!result.ok()) continue;
      const absl::StatusOr<std::string> json = ToJsonLine(*result);
      if (json.ok()) {
        std::cout << *json << std::flush;
      } else {
        errors_.push_back(json.status());
      }
      DropStills(*result);
    }
  }

  const ScanOptions& options_;
  const Connection& connection_;
  const std::vector<InputFile> files_;

  // Paths of the pages of evidence; "" where a file has none. A worker writes
  // those of its own files.
  std::vector<std::string> pages_;

  std::mutex mutex_;  // Guards what follows, but for the bar.
  size_t next_ = 0;
  size_t printed_ = 0;
  bool lost_server_ = false;
  std::vector<std::optional<absl::StatusOr<v1::ScanReport>>> results_;
  std::vector<absl::Status> errors_;
  std::optional<ProgressBar> progress_;
};

// Says so where there is nothing to be found; a server that does not keep
// lists, or a caller who may not see them, is not asked further.
absl::Status CheckLists(const Connection& connection) {
  const auto stub = v1::HashListService::NewStub(connection.channel());
  const auto reply =
      Call(connection, *stub, &v1::HashListService::Stub::ListLists,
           v1::ListListsRequest());
  if (absl::IsUnimplemented(reply.status()) ||
      absl::IsPermissionDenied(reply.status())) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(reply.status());
  const bool empty =
      std::all_of(reply->lists().begin(), reply->lists().end(),
                  [](const v1::HashList& list) { return list.entries() == 0; });
  if (empty) {
    std::cerr << "lenscap: warning: no list has a clip yet, so none can be "
                 "found; 'lenscap list publish' adds one\n";
  }
  return absl::OkStatus();
}

ExitCode VerdictCode(const std::vector<v1::ScanReport>& reports) {
  ExitCode code = ExitCode::kOk;
  for (const v1::ScanReport& report : reports) {
    switch (report.verdict().action()) {
      case v1::ACTION_BLOCK:
      case v1::ACTION_REVIEW:
        code = Worse(code, ExitCode::kFound);
        break;
      case v1::ACTION_ALLOW:
        break;
      default:
        code = Worse(code, ExitCode::kUnreadable);
    }
  }
  return code;
}

}  // namespace

ExitCode Run(const ScanOptions& options) {
  const absl::Time started = absl::Now();
  FileWalk walk = WalkFiles(options.paths, options.all_files);
  const size_t files = walk.files.size();
  if (!options.content_id.empty() && files != 1) {
    return Fail(absl::InvalidArgumentError(
                    absl::StrCat("--content-id names one file, not ", files)),
                ExitCode::kUsage);
  }
  if (!options.evidence_directory.empty()) {
    const absl::Status status =
        MakeEvidenceDirectory(options.evidence_directory);
    if (!status.ok()) return Fail(status);
  }
  auto connection =
      Connection::Open(options.endpoint, {Role::kScan, Role::kLists});
  if (!connection.ok()) return Fail(connection.status());
  if (const absl::Status status = CheckLists(**connection); !status.ok()) {
    return Fail(status);
  }
  Batch batch(options, **connection, std::move(walk.files));
  batch.Run();
  const std::vector<v1::ScanReport> reports = batch.TakeReports();
  if (!options.json) {
    if (!reports.empty()) std::cout << FormatScanTable(reports) << "\n";
    if (options.explain) {
      for (const v1::ScanReport& report : reports) {
        std::cout << ExplainReport(absl::StrCat(report.file(), ":"), report);
      }
      std::cout << "\n";
    }
    if (!options.evidence_directory.empty()) {
      std::cout << batch.DescribePages() << "\n";
    }
    std::cout << SummarizeScan(reports,
                               static_cast<int64_t>(files - reports.size()),
                               walk.skipped, absl::Now() - started)
              << std::flush;
  }
  ExitCode code = VerdictCode(reports);
  for (const absl::Status& error : batch.errors()) {
    code = Worse(code, Fail(error));
  }
  return code;
}

}  // namespace lenscap::cli
