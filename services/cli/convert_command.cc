#include "services/cli/convert_command.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/clock.h"
#include "base/status_macros.h"
#include "lists/formats/loss_report.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

// An error with the file that it is about.
absl::Status About(const std::string& file, const absl::Status& status) {
  return absl::Status(status.code(),
                      absl::StrCat(file, ": ", status.message()));
}

// The entries of all files, one file after the other.
class FilesSource final : public EntryChangeSource {
 public:
  FilesSource(const ConvertOptions& options, LossReport* losses)
      : options_(options), losses_(losses) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    while (true) {
      if (source_ == nullptr) {
        if (next_ == options_.files.size()) return std::nullopt;
        RETURN_IF_ERROR(Open(options_.files[next_]));
      }
      auto change = source_->Next();
      if (!change.ok()) return About(options_.files[next_], change.status());
      if (*change) return change;
      source_.reset();
      ++next_;
    }
  }

 private:
  absl::Status Open(const std::string& path) {
    std::istream* input = &std::cin;
    if (path != "-") {
      file_ = std::ifstream(path, std::ios::binary);
      if (!file_) return absl::ErrnoToStatus(errno, path);
      input = &file_;
    }
    auto format = options_.from;
    if (!format && path != "-") format = Sniff();
    if (!format) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ": its start does not tell its format; say --from"));
    }
    auto source = ReadEntries(*format, *input,
                              {.list_id = options_.list_id,
                               .entry_id = fs::path(path).stem().string(),
                               .severity = options_.severity},
                              losses_);
    if (!source.ok()) return About(path, source.status());
    source_ = *std::move(source);
    return absl::OkStatus();
  }

  std::optional<ListFormat> Sniff() {
    std::string start(4096, '\0');
    file_.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<size_t>(file_.gcount()));
    file_.clear();
    file_.seekg(0);
    return SniffListFormat(start);
  }

  const ConvertOptions& options_;
  LossReport* const losses_;
  std::ifstream file_;
  std::unique_ptr<EntryChangeSource> source_;
  size_t next_ = 0;  // Of the files: the one that is open, or the next.
};

WriteOptions ToWriteOptions(const ConvertOptions& options) {
  return {.list_id = options.list_id,
          .issuer = options.issuer,
          .issued = Clock::Real()->Now()};
}

// Writes `path` whole, or leaves what was there.
template <typename WriteTo>
absl::Status ReplaceFile(const fs::path& path, const WriteTo& write) {
  const fs::path unfinished = path.string() + ".part";
  std::ofstream file(unfinished, std::ios::binary | std::ios::trunc);
  absl::Status status =
      file ? write(file) : absl::ErrnoToStatus(errno, unfinished.string());
  file.close();
  if (status.ok() &&
      (!file || std::rename(unfinished.c_str(), path.c_str()) != 0)) {
    status = absl::ErrnoToStatus(errno, path.string());
  }
  if (!status.ok()) std::remove(unfinished.c_str());
  return status;
}

absl::Status WriteDocument(const ConvertOptions& options,
                           EntryChangeSource& source, std::ostream& output,
                           LossReport* losses) {
  const auto sink =
      WriteEntries(options.to, output, ToWriteOptions(options), losses);
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<EntryChange> change, source.Next());
    if (!change) return sink->Finish();
    RETURN_IF_ERROR(sink->Write(*change));
  }
}

// Entries without frames make no file.
absl::Status WriteDirectory(const ConvertOptions& options,
                            EntryChangeSource& source, LossReport* losses) {
  std::error_code error;
  fs::create_directories(options.output, error);
  if (error) return absl::ErrnoToStatus(error.value(), options.output);
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<EntryChange> change, source.Next());
    if (!change) return absl::OkStatus();
    const auto write = [&](std::ostream& output) -> absl::Status {
      const auto sink =
          WriteEntries(options.to, output, ToWriteOptions(options), losses);
      RETURN_IF_ERROR(sink->Write(*change));
      return sink->Finish();
    };
    const std::string& id = change->clip.entry_id;
    const fs::path path = fs::path(options.output) / absl::StrCat(id, ".vpdq");
    if (change->op == EntryChange::Op::kWithdraw ||
        change->clip.frames.empty()) {
      std::ostringstream nowhere;  // For what is reported.
      RETURN_IF_ERROR(write(nowhere));
    } else {
      RETURN_IF_ERROR(ReplaceFile(path, write));
    }
  }
}

void PrintLosses(const LossReport& losses) {
  for (const LossReport::Loss& loss : losses.losses()) {
    std::cerr << "lenscap: lost: " << Printable(loss.what) << ": "
              << loss.count;
    if (!loss.entry_ids.empty()) {
      std::cerr << ", such as "
                << Printable(absl::StrJoin(loss.entry_ids, ", "));
    }
    std::cerr << "\n";
  }
}

absl::Status Convert(const ConvertOptions& options, LossReport* losses) {
  const auto source =
      OnlyOnce(std::make_unique<FilesSource>(options, losses), losses);
  if (options.to == ListFormat::kVpdqText && !options.output.empty()) {
    return WriteDirectory(options, *source, losses);
  }
  if (options.output.empty()) {
    return WriteDocument(options, *source, std::cout, losses);
  }
  return ReplaceFile(options.output, [&](std::ostream& output) {
    return WriteDocument(options, *source, output, losses);
  });
}

}  // namespace

ExitCode Run(const ConvertOptions& options) {
  LossReport losses;
  const absl::Status status = Convert(options, &losses);
  if (!status.ok()) return Fail(status, ExitCode::kUnreadable);
  PrintLosses(losses);
  return ExitCode::kOk;
}

}  // namespace lenscap::cli
