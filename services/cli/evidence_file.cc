#include "services/cli/evidence_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "services/cli/evidence_page.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxNameBytes = 200;
constexpr int kMaxFilesOfAName = 9999;

// What is behind the last slash.
absl::string_view BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// Letters of every script stay; what shells and file systems mind goes.
std::string SafeName(absl::string_view text) {
  std::string name = Printable(text.substr(0, kMaxNameBytes));
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool keep = byte >= 0x80 || absl::ascii_isalnum(byte) || c == '.' ||
                      c == '_' || c == '-';
    if (!keep) c = '_';
  }
  // Neither hidden nor an option.
  if (!name.empty() && (name[0] == '.' || name[0] == '-')) name[0] = '_';
  return name;
}

// Writes all of it and closes.
absl::Status WriteAndClose(int descriptor, absl::string_view text,
                           const std::string& path) {
  int error = 0;
  while (!text.empty() && error == 0) {
    const ssize_t n = write(descriptor, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<size_t>(n));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (close(descriptor) != 0 && error == 0) error = errno;
  return error == 0 ? absl::OkStatus() : absl::ErrnoToStatus(error, path);
}

}  // namespace

std::string EvidenceName(const v1::ScanReport& report) {
  if (report.file() == "-") return "stdin";
  for (const absl::string_view text :
       {BaseName(report.file()), absl::string_view(report.case_id()),
        absl::string_view(report.content_id()),
        absl::string_view(report.scan_id())}) {
    if (!text.empty()) return SafeName(text);
  }
  return "report";
}

absl::Status MakeEvidenceDirectory(const std::string& directory) {
  std::error_code error;
  fs::path path = directory;
  if (!path.has_filename()) path = path.parent_path();  // "pages/".
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  if (error) return absl::ErrnoToStatus(error.value(), directory);
  if (mkdir(path.c_str(), S_IRWXU) == 0) return absl::OkStatus();
  const int why_not = errno;
  if (fs::is_directory(path, error)) return absl::OkStatus();
  return absl::ErrnoToStatus(why_not, directory);
}

absl::StatusOr<std::string> WriteEvidence(const std::string& directory,
                                          const v1::ScanReport& report) {
  const std::string page = EvidencePage(report);
  if (page.empty()) return std::string();
  const std::string name =
      (fs::path(directory) / EvidenceName(report)).string();
  for (int i = 1; i <= kMaxFilesOfAName; ++i) {
    const std::string path =
        absl::StrCat(name, i == 1 ? "" : absl::StrCat("-", i), ".svg");
    const int descriptor =
        open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
             S_IRUSR | S_IWUSR);
    if (descriptor < 0 && errno == EEXIST) continue;
    if (descriptor < 0) return absl::ErrnoToStatus(errno, path);
    const absl::Status status = WriteAndClose(descriptor, page, path);
    if (!status.ok()) {
      unlink(path.c_str());
      return status;
    }
    return path;
  }
  return absl::AlreadyExistsError(
      absl::StrCat(name, ".svg: there are too many of that name"));
}

}  // namespace lenscap::cli
