// Any bytes, as a text and as a rule's key.

#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"
#include "listings/normalized_text.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/listings/text_promises.h"

namespace lenscap {
namespace {

// What a view may be of, at most: one character of 3 bytes becomes 6 of 3, and
// in the sound view a character of 3 bytes a syllable of 6.
constexpr size_t kMostGrowth = 6;

void CheckText(absl::string_view bytes) {
  // Filled again and again, as the service does.
  static auto* const text = new NormalizedText;
  const Normalizer& normalizer = Normalizer::Get();
  normalizer.Normalize(bytes, text);
  const std::string broken = BrokenPromise(bytes, *text);
  if (!broken.empty()) std::fprintf(stderr, "%s\n", broken.c_str());
  FUZZ_EXPECT(broken.empty());
  for (int i = 0; i < kTextViews; ++i) {
    const TextView view = static_cast<TextView>(i);
    FUZZ_EXPECT(text->view(view).size() <= kMostGrowth * bytes.size());
    const std::string key = normalizer.NormalizeKey(bytes, view);
    FUZZ_EXPECT(key.size() <= kMostGrowth * bytes.size());
  }
  const absl::string_view words = text->view(TextView::kWords);
  FUZZ_EXPECT(words.find("  ") == absl::string_view::npos);
  FUZZ_EXPECT(words.empty() || (words.front() != ' ' && words.back() != ' '));
  for (TextView view : {TextView::kTight, TextView::kSound}) {
    FUZZ_EXPECT(text->view(view).find(' ') == absl::string_view::npos);
  }
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  lenscap::CheckText({reinterpret_cast<const char*>(data), size});
  return 0;
}
