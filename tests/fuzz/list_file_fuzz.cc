// List files, the detail of entries, key sets and signature files.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/byte_reader.h"
#include "index/clip_record.h"
#include "lists/entry_line.h"
#include "lists/envelope_line.h"
#include "lists/issuer_keys.h"
#include "lists/list_reader.h"
#include "lists/list_signature.h"
#include "tests/fuzz/fuzz_target.h"

namespace lenscap {
namespace {

void CheckRefusal(const absl::Status& status) {
  FUZZ_EXPECT(absl::IsInvalidArgument(status));
  FUZZ_EXPECT(absl::StartsWith(status.message(), "line "));
}

// What was read can be written, and is then read the same.
void CheckEntry(const EntryChange& change) {
  const auto line = FormatEntry(change);
  FUZZ_EXPECT(line.ok());
  const auto again = ParseEntry(line->text, change.clip.list_id);
  FUZZ_EXPECT(again.ok() && again->digest == line->digest);
  FUZZ_EXPECT(again->op == change.op && again->reason == change.reason);
  FUZZ_EXPECT(again->clip.frames == change.clip.frames);
  FUZZ_EXPECT(again->clip.terms == change.clip.terms);
}

void CheckList(absl::string_view bytes) {
  // Small bounds: a replay should not wait for gigabytes.
  const auto reader = ListReader::Open(MakeByteReader(std::string(bytes)),
                                       {.max_bytes = 64 << 20});
  if (!reader.ok()) return CheckRefusal(reader.status());
  FUZZ_EXPECT(FormatEnvelope((*reader)->envelope()).ok());
  while (true) {
    const auto change = (*reader)->Next();
    if (!change.ok()) return CheckRefusal(change.status());
    if (!*change) return;
    CheckEntry(**change);
  }
}

// What an entry may bring of footage, once it is decompressed.
void CheckDetail(absl::string_view bytes) {
  const auto detail = DecodeDetail(bytes);
  if (!detail.ok()) {
    FUZZ_EXPECT(absl::IsDataLoss(detail.status()));
    return;
  }
  const std::string written = EncodeDetail(*detail);
  const auto again = DecodeDetail(written);
  FUZZ_EXPECT(again.ok() && EncodeDetail(*again) == written);
}

void CheckKeys(absl::string_view text) {
  const auto keys = ParseIssuerKeys(text);
  if (!keys.ok()) {
    FUZZ_EXPECT(absl::IsInvalidArgument(keys.status()));
    return;
  }
  const auto document = FormatIssuerKeys(*keys);
  FUZZ_EXPECT(document.ok());
  FUZZ_EXPECT(ParseIssuerKeys(*document).ok());
}

void CheckSignatureFile(absl::string_view text) {
  const auto signatures = ParseSignatures(text);
  if (!signatures.ok()) {
    FUZZ_EXPECT(absl::IsInvalidArgument(signatures.status()));
    return;
  }
  const std::string written = FormatSignatures(*signatures);
  FUZZ_EXPECT(written == text || written == std::string(text) + "\n");
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  lenscap::CheckList(bytes);
  lenscap::CheckDetail(bytes);
  lenscap::CheckKeys(bytes);
  lenscap::CheckSignatureFile(bytes);
  return 0;
}
