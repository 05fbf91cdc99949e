// Hash lists in the formats of others. The first byte says which format.

#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/clip_check.h"
#include "lists/formats/format.h"
#include "tests/fuzz/fuzz_target.h"

namespace lenscap {
namespace {

// What a reader gives can be published, but for flat or common pictures.
void CheckEntry(const EntryChange& change) {
  const Clip& clip = change.clip;
  FUZZ_EXPECT(CheckEntryId(clip.entry_id).ok());
  if (change.op == EntryChange::Op::kWithdraw) {
    FUZZ_EXPECT(CheckReason(change.reason).ok());
    return;
  }
  FUZZ_EXPECT(CheckClip(clip, 0).ok());
  FUZZ_EXPECT(clip.terms.category.size() <= 64);
  FUZZ_EXPECT(clip.terms.assessors.size() <= 16);
}

void CheckFormat(ListFormat format, const std::string& text) {
  std::istringstream input(text);
  LossReport losses;
  const auto source = ReadEntries(
      format, input, {.list_id = "list", .entry_id = "entry"}, &losses);
  FUZZ_EXPECT(source.ok());
  std::ostringstream output;
  const auto sink =
      WriteEntries(ListFormat::kLenscap, output, WriteOptions(), &losses);
  while (true) {
    const auto change = (*source)->Next();
    if (!change.ok()) {
      FUZZ_EXPECT(absl::IsInvalidArgument(change.status()));
      FUZZ_EXPECT(!change.status().message().empty());
      return;
    }
    if (!*change) break;
    CheckEntry(**change);
    // Whatever another format says fits into ours.
    FUZZ_EXPECT(sink->Write(**change).ok());
  }
  FUZZ_EXPECT(sink->Finish().ok());
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto format = static_cast<lenscap::ListFormat>(data[0]);
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  lenscap::SniffListFormat(text);
  for (const lenscap::ListFormat known : lenscap::kAllListFormats) {
    if (known == format && known != lenscap::ListFormat::kStixJson) {
      lenscap::CheckFormat(format, text);
    }
  }
  return 0;
}
