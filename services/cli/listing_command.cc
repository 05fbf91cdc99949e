#include "services/cli/listing_command.h"

#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/cli/connection.h"
#include "services/cli/input.h"
#include "services/cli/listing_client.h"
#include "services/cli/listing_photos.h"
#include "services/cli/listing_reader.h"
#include "services/cli/listing_table.h"
#include "services/cli/local_decoder.h"
#include "services/cli/progress.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

// Told one by one at the end; the rest are counted.
constexpr size_t kMaxToldFaults = 100;

// Listings of the file, ready to be sent.
class Preparer {
 public:
  Preparer(const ReviewListingsOptions& options,
           std::unique_ptr<ListingReader> reader, PhotoFolder photos)
      : options_(options),
        reader_(std::move(reader)),
        photos_(std::move(photos)) {}

  absl::StatusOr<std::optional<PreparedListing>> Next() {
    RETURN_IF_ERROR(SkipToStart());
    ASSIGN_OR_RETURN(auto line, reader_->Next());
    if (!line) return std::nullopt;
    PreparedListing listing;
    listing.line = line->number;
    listing.request = std::move(line->request);
    listing.status = line->status;
    if (listing.status.ok()) listing.status = Complete(*line, listing);
    if (!listing.status.ok()) {
      const std::string id = listing.request.listing_id();
      listing.request.Clear();
      listing.request.set_listing_id(id);
    }
    return listing;
  }

 private:
  absl::Status SkipToStart() {
    while (!started_) {
      ASSIGN_OR_RETURN(const auto line, reader_->Next());
      if (!line) {
        return absl::NotFoundError(absl::StrCat(
            "--resume-after: there is no listing ", options_.after));
      }
      started_ = line->request.listing_id() == options_.after;
    }
    return absl::OkStatus();
  }

  absl::Status Complete(const ListingLine& line, PreparedListing& listing) {
    v1::ReviewListingRequest& request = listing.request;
    if (request.tenant().empty()) request.set_tenant(options_.tenant);
    // The call would end for all of them.
    const auto check_size = [&]() -> absl::Status {
      if (request.ByteSizeLong() <= kMaxRequestBytes) return absl::OkStatus();
      return absl::InvalidArgumentError(
          absl::StrCat("the listing has ", request.ByteSizeLong(),
                       " bytes; it may have ", kMaxRequestBytes));
    };
    RETURN_IF_ERROR(check_size());
    ASSIGN_OR_RETURN(listing.photos, photos_.Add(line.photo_files, request));
    return check_size();
  }

  const ReviewListingsOptions& options_;
  std::unique_ptr<ListingReader> reader_;
  PhotoFolder photos_;
  bool started_ = options_.after.empty();
};

// Prints what was reviewed, and remembers what it came to.
class Printer {
 public:
  explicit Printer(ListingFormat format, bool all)
      : format_(format), all_(all) {}

  void Begin() const {
    if (format_ == ListingFormat::kCsv) std::cout << ListingCsvHeader();
    if (format_ == ListingFormat::kTable) std::cout << ListingTableHeader();
    std::cout << std::flush;
  }

  absl::Status Print(ReviewedListing listing) {
    v1::ReviewResult& result = listing.result;
    if (result.has_report()) {
      for (const std::string& problem : listing.photos.problems) {
        result.mutable_report()->add_unreadable_images(problem);
      }
    }
    totals_.Add(listing);
    NoteFaults(listing);
    code_ = Worse(code_, CodeOf(result));
    if (!result.listing_id().empty()) last_id_ = result.listing_id();
    switch (format_) {
      case ListingFormat::kNdjson: {
        ASSIGN_OR_RETURN(const std::string json, ToJsonLine(result));
        std::cout << json;
        break;
      }
      case ListingFormat::kCsv:
        std::cout << ListingCsvRecord(listing);
        break;
      case ListingFormat::kTable:
        if (all_ || (result.has_report() && CodeOf(result) != ExitCode::kOk)) {
          std::cout << ListingTableRow(listing);
        }
    }
    std::cout << std::flush;
    if (!std::cout) return absl::DataLossError("standard output is closed");
    return absl::OkStatus();
  }

  const ListingTotals& totals() const { return totals_; }
  ExitCode code() const { return code_; }
  // Of the latest one that has an id.
  const std::string& last_id() const { return last_id_; }
  // What is wrong with single listings, on standard error.
  void TellFaults() const {
    for (const std::string& fault : faults_) {
      std::cerr << "lenscap: " << Printable(fault) << "\n";
    }
    if (more_faults_ > 0) {
      std::cerr << "lenscap: and " << more_faults_ << " more like these\n";
    }
  }

 private:
  static ExitCode CodeOf(const v1::ReviewResult& result) {
    if (result.has_error()) {
      return result.error().code() ==
                     static_cast<int>(absl::StatusCode::kInvalidArgument)
                 ? ExitCode::kUnreadable
                 : ExitCode::kUnavailable;
    }
    switch (result.report().verdict().action()) {
      case v1::ACTION_BLOCK:
      case v1::ACTION_REVIEW:
        return ExitCode::kFound;
      case v1::ACTION_ALLOW:
        return ExitCode::kOk;
      default:
        return ExitCode::kUnreadable;
    }
  }

  void NoteFaults(const ReviewedListing& listing) {
    const auto note = [&](absl::string_view what) {
      if (faults_.size() == kMaxToldFaults) {
        ++more_faults_;
        return;
      }
      const std::string& id = listing.result.listing_id();
      faults_.push_back(absl::StrCat("line ", listing.line, ": ", id,
                                     id.empty() ? "" : ": ", what));
    };
    if (listing.result.has_error()) note(listing.result.error().message());
    for (const std::string& problem :
         listing.result.report().unreadable_images()) {
      code_ = Worse(code_, ExitCode::kUnreadable);
      note(problem);
    }
  }

  const ListingFormat format_;
  const bool all_;
  ListingTotals totals_;
  ExitCode code_ = ExitCode::kOk;
  std::string last_id_;
  std::vector<std::string> faults_;
  int64_t more_faults_ = 0;
};

// The folder of the file; the current one for standard input.
std::string FolderOf(const std::string& path) {
  const std::string folder =
      path == "-" ? "" : std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

absl::StatusOr<Preparer> Prepare(const ReviewListingsOptions& options,
                                 std::unique_ptr<ByteReader> file) {
  ASSIGN_OR_RETURN(
      PhotoFolder photos,
      PhotoFolder::Open(
          options.photos.empty() ? FolderOf(options.path) : options.photos,
          OpenInJailIfPossible));
  auto reader = ReadListings(options.path, std::move(file));
  if (!reader.ok()) {
    return absl::Status(
        reader.status().code(),
        absl::StrCat(options.path, ": ", reader.status().message()));
  }
  return Preparer(options, *std::move(reader), std::move(photos));
}

ExitCode FailureOf(const ReviewOutcome& outcome, const Printer& printer) {
  ExitCode code = ExitCode::kOk;
  if (!outcome.input.ok()) {
    code = Worse(code, Fail(outcome.input, ExitCode::kUnreadable));
  }
  if (!outcome.output.ok()) code = Worse(code, Fail(outcome.output));
  if (!outcome.server.ok()) {
    code = Worse(code, Fail(outcome.server));
    if (outcome.unanswered > 0) {
      std::cerr << "lenscap: " << outcome.unanswered
                << " listings were sent and not answered";
      if (!printer.last_id().empty()) {
        std::cerr << "; --resume-after '" << Printable(printer.last_id())
                  << "' goes on where it ended";
      }
      std::cerr << "\n";
    }
  }
  return code;
}

}  // namespace

ExitCode Run(const ReviewListingsOptions& options) {
  const absl::Time started = absl::Now();
  auto input = OpenInput(options.path);
  if (!input.ok()) return Fail(input.status(), ExitCode::kUnreadable);
  auto preparer = Prepare(options, std::move(input->reader));
  if (!preparer.ok()) return Fail(preparer.status(), ExitCode::kUnreadable);
  const auto connection = Connection::Open(options.endpoint, {Role::kListings});
  if (!connection.ok()) return Fail(connection.status());

  // On a terminal the rows themselves show how far it is.
  const bool shows_bar = !options.no_progress && isatty(STDOUT_FILENO) == 0;
  std::optional<ProgressBar> progress(
      std::in_place,
      std::vector<InputFile>{{options.path, input->bytes, absl::OkStatus()}},
      shows_bar ? STDERR_FILENO : -1);
  Printer printer(options.json ? ListingFormat::kNdjson : options.format,
                  options.all);
  printer.Begin();
  const ReviewOutcome outcome = ReviewListings(
      **connection, [&] { return preparer->Next(); },
      [&](ReviewedListing listing) {
        if (input->bytes > 0) {
          progress->Update(0, static_cast<double>(*input->read) /
                                  static_cast<double>(input->bytes));
        } else {
          progress->Update(0, 0);
        }
        return printer.Print(std::move(listing));
      });
  progress.reset();
  printer.TellFaults();
  const std::string summary =
      SummarizeListings(printer.totals(), absl::Now() - started);
  // Where standard output is for scripts, people look elsewhere.
  if (!options.json && options.format == ListingFormat::kTable) {
    std::cout << "\n" << summary << std::flush;
  } else {
    std::cerr << summary;
  }
  return Worse(printer.code(), FailureOf(outcome, printer));
}

}  // namespace lenscap::cli
