#include "lists/list_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "base/zstd.h"
#include "lists/entry_line.h"
#include "lists/envelope_line.h"
#include "lists/list_content.h"

namespace lenscap {
namespace {

absl::Status Put(absl::string_view bytes, std::FILE* file) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size()) {
    return absl::OkStatus();
  }
  return absl::ErrnoToStatus(errno, "write");
}

// Calls `visit` with all of the file, piece by piece.
absl::Status ForEachPiece(
    std::FILE* file,
    const std::function<absl::Status(absl::string_view)>& visit) {
  if (std::fseek(file, 0, SEEK_SET) != 0) {
    return absl::ErrnoToStatus(errno, "seek");
  }
  std::string piece(1 << 17, '\0');
  while (const size_t count = std::fread(piece.data(), 1, piece.size(), file)) {
    RETURN_IF_ERROR(visit(absl::string_view(piece.data(), count)));
  }
  return std::ferror(file) == 0 ? absl::OkStatus()
                                : absl::ErrnoToStatus(errno, "read");
}

}  // namespace

absl::StatusOr<ListWriter> ListWriter::Create(const std::string& path) {
  // Without a name from the start it would take a file system that can do so.
  std::string name = absl::StrCat(path, ".XXXXXX");
  const int file = mkostemp(name.data(), O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  std::remove(name.c_str());
  File entries(fdopen(file, "w+"));
  if (entries == nullptr) {
    const int error = errno;
    close(file);
    return absl::ErrnoToStatus(error, path);
  }
  return ListWriter(path, std::move(entries));
}

absl::Status ListWriter::Add(const EntryChange& change) {
  ASSIGN_OR_RETURN(EntryLine line, FormatEntry(change));
  line.text.push_back('\n');
  RETURN_IF_ERROR(Put(line.text, entries_file_.get()));
  ToggleEntry(line.digest, &content_);
  ++entries_;
  return absl::OkStatus();
}

absl::StatusOr<ListEnvelope> ListWriter::Finish(ListEnvelope envelope,
                                                bool compress) {
  envelope.entries = entries_;
  if (envelope.kind == ListEnvelope::Kind::kSnapshot) {
    envelope.content = content_;
  }
  ASSIGN_OR_RETURN(const std::string line, FormatEnvelope(envelope));
  const absl::Status status = WriteAll(absl::StrCat(line, "\n"), compress);
  if (status.ok()) return envelope;
  std::remove(absl::StrCat(path_, kUnfinished).c_str());
  return absl::Status(status.code(),
                      absl::StrCat(path_, ": ", status.message()));
}

absl::Status ListWriter::WriteAll(absl::string_view envelope, bool compress) {
  const std::string unfinished = absl::StrCat(path_, kUnfinished);
  File file(std::fopen(unfinished.c_str(), "we"));
  if (file == nullptr) return absl::ErrnoToStatus(errno, "open");
  ZstdWriter zstd;
  const auto put = [&](absl::string_view bytes) {
    return compress ? Put(zstd.Add(bytes), file.get()) : Put(bytes, file.get());
  };
  RETURN_IF_ERROR(put(envelope));
  RETURN_IF_ERROR(ForEachPiece(entries_file_.get(), put));
  if (compress) RETURN_IF_ERROR(Put(zstd.Finish(), file.get()));
  if (std::fflush(file.get()) != 0 || fsync(fileno(file.get())) != 0) {
    return absl::ErrnoToStatus(errno, "sync");
  }
  return RenameDurably(unfinished, path_);
}

}  // namespace lenscap
