#include "lists/open_list.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
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

ListUpdate UpdateOf(const ListEnvelope& envelope) {
  ListUpdate update;
  update.list_id = envelope.list_id;
  update.issuer = envelope.issuer;
  update.terms = envelope.terms;
  update.snapshot = envelope.kind == ListEnvelope::Kind::kSnapshot;
  update.snapshot_reason =
      absl::StrCat("not in signed version ", envelope.version);
  update.kind = ListChange::Kind::kSigned;
  update.signed_version = envelope.version;
  update.previous_sha256 = envelope.previous_sha256;
  update.content = envelope.content;
  return update;
}

}  // namespace lenscap
