// PDQ and vPDQ text, and a single hash.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "fingerprint/hash256.h"
#include "index/hash_text.h"
#include "tests/fuzz/fuzz_target.h"

namespace lenscap {
namespace {

using Frames = absl::StatusOr<std::vector<ReferenceFrame>>;

// A refusal names the line.
void CheckError(const absl::Status& status) {
  FUZZ_EXPECT(absl::IsInvalidArgument(status));
  FUZZ_EXPECT(absl::StartsWith(status.message(), "line "));
}

void CheckPdq(absl::string_view text) {
  const Frames frames = ParsePdqText(text);
  if (!frames.ok()) return CheckError(frames.status());
  std::string printed;
  for (const ReferenceFrame& frame : *frames) {
    printed += ToHex(frame.hash) + "," + std::to_string(frame.quality) + "\n";
  }
  const Frames again = ParsePdqText(printed);
  FUZZ_EXPECT(again.ok() && *again == *frames);
}

void CheckVpdq(absl::string_view text) {
  const Frames frames = ParseVpdqText(text);
  if (!frames.ok()) return CheckError(frames.status());
  const Frames again = ParseVpdqText(FormatVpdqText(*frames));
  FUZZ_EXPECT(again.ok() && *again == *frames);
}

void CheckHash(absl::string_view text) {
  if (const auto hash = HashFromHex(text); hash.ok()) {
    FUZZ_EXPECT(HashFromHex(ToHex(*hash)).value() == *hash);
  }
  if (const auto hash = HashFromBytes(text); hash.ok()) {
    FUZZ_EXPECT(ToBytes(*hash) == text);
  }
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  lenscap::CheckPdq(text);
  lenscap::CheckVpdq(text);
  lenscap::CheckHash(text);
  return 0;
}
