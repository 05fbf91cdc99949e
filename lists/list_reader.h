#ifndef LENSCAP_LISTS_LIST_READER_H_
#define LENSCAP_LISTS_LIST_READER_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/byte_reader.h"
#include "base/zstd.h"
#include "index/list_update.h"
#include "lists/line_reader.h"
#include "lists/list_file.h"

namespace lenscap {

// Reads a list file (lists/LISTS.md), plain or compressed, line by line and in
// bounded memory: what one line needs. Errors are INVALID_ARGUMENT, "line N:
// field: problem", unless the file itself cannot be read; after one, Next keeps
// giving it. Who signed the file is not its concern (lists/issuer_keys.h), nor
// is what only the list so far can tell: ids that are there already or twice,
// and the content after a delta. Not thread-safe.
class ListReader final : public EntryChangeSource {
 public:
  // Reads the envelope.
  static absl::StatusOr<std::unique_ptr<ListReader>> Open(
      std::unique_ptr<ByteReader> file, const ZstdLimits& limits = {});

  const ListEnvelope& envelope() const { return envelope_; }

  // Nothing after the last one; then the entries are as many as the envelope
  // says and, in a snapshot, their content is what it says.
  absl::StatusOr<std::optional<EntryChange>> Next() override;

 private:
  explicit ListReader(std::unique_ptr<ByteReader> file)
      : lines_(std::move(file)) {}

  absl::StatusOr<std::optional<EntryChange>> Read();
  absl::Status CheckOp(const EntryChange& change) const;
  absl::Status CheckEnd() const;

  LineReader lines_;
  ListEnvelope envelope_;
  int64_t entries_ = 0;  // Read so far.
  ListContent content_ = {};
  absl::Status status_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_READER_H_
