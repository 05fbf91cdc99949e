#include "lists/open_list.h"

#include <memory>
#include <utility>

#include "absl/types/span.h"
#include "base/byte_reader.h"
#include "base/status_macros.h"
#include "lists/list_reader.h"

namespace lenscap {
namespace {

constexpr size_t kBufferBytes = 256 << 10;

}  // namespace

absl::StatusOr<OpenedList> OpenList(const std::string& path) {
  ASSIGN_OR_RETURN(std::unique_ptr<ByteReader> bytes, OpenByteReader(path));
  ASSIGN_OR_RETURN(std::unique_ptr<ListReader> reader,
                   ListReader::Open(std::move(bytes)));
  OpenedList opened;
  opened.envelope = reader->envelope();
  opened.changes = std::move(reader);
  return opened;
}

absl::StatusOr<OpenedList> OpenKept(const ListArchive& archive,
                                    absl::string_view list_id,
                                    int64_t version) {
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   archive.Get(list_id, version));
  return OpenList(kept.path);
}

absl::StatusOr<ListEnvelope> ReadEnvelope(const std::string& path) {
  ASSIGN_OR_RETURN(const OpenedList opened, OpenList(path));
  return opened.envelope;
}

absl::StatusOr<Sha256> Sha256OfFile(const std::string& path) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteReader> file,
                   OpenByteReader(path));
  Digester digester;
  std::string buffer(kBufferBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const size_t n, file->Read(absl::MakeSpan(buffer)));
    if (n == 0) return digester.Finish().sha256;
    digester.Update({buffer.data(), n});
  }
}

}  // namespace lenscap
