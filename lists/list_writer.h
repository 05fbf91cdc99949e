#ifndef LENSCAP_LISTS_LIST_WRITER_H_
#define LENSCAP_LISTS_LIST_WRITER_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/list_update.h"
#include "lists/list_file.h"

namespace lenscap {

// Writes a list file (lists/LISTS.md) in bounded memory. The envelope stands
// first and is known last, so the entries wait in an unnamed temporary file
// beside `path`. Move-only; not thread-safe.
class ListWriter {
 public:
  static absl::StatusOr<ListWriter> Create(const std::string& path);

  // An error other than of the disk is INVALID_ARGUMENT, "field: problem", and
  // leaves the entry out.
  absl::Status Add(const EntryChange& change);

  // Writes the file, whole or not at all, durably, in the place of any that is
  // there. The envelope's `entries` is set here, and for a snapshot its
  // `content`; a delta's is the caller's to know. Returns the envelope as it
  // was written.
  absl::StatusOr<ListEnvelope> Finish(ListEnvelope envelope, bool compress);

 private:
  struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, FileCloser>;

  ListWriter(std::string path, File entries)
      : path_(std::move(path)), entries_file_(std::move(entries)) {}

  absl::Status WriteAll(absl::string_view envelope, bool compress);

  std::string path_;
  File entries_file_;
  int64_t entries_ = 0;
  ListContent content_ = {};
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_WRITER_H_
