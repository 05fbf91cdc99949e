// A rule pack, and what is done with one: its engine, its lint, its examples.

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "listings/rule_engine.h"
#include "listings/rule_examples.h"
#include "listings/rule_lint.h"
#include "listings/rule_pack.h"
#include "tests/fuzz/fuzz_target.h"

namespace lenscap {
namespace {

void CheckReview(const RuleEngine& engine, const RulePack& pack,
                 const ListingText& text) {
  const TextReview review = engine.Review(text, absl::InfinitePast());
  FUZZ_EXPECT(review.packs.size() == 1);
  FUZZ_EXPECT(review.score >= 0 && review.shadow_score >= 0);
  FUZZ_EXPECT(review.hits.size() <= pack.rules.size());
  for (const RuleHit& hit : review.hits) {
    FUZZ_EXPECT(hit.spans.size() <= 16);
    for (const RuleSpan& span : hit.spans) {
      const auto attribute = text.attributes.find(span.attribute);
      const std::string& original =
          span.field == "title"         ? text.title
          : span.field == "description" ? text.description
          : span.field == "category"    ? text.category
                                        : attribute->second;
      FUZZ_EXPECT(span.bytes.start < span.bytes.end);
      FUZZ_EXPECT(span.bytes.end <= original.size());
      FUZZ_EXPECT(!span.key.empty());
    }
  }
}

// A listing of what the fuzzer made: the pack's own bytes say all its keys.
ListingText ListingOf(absl::string_view bytes) {
  ListingText text;
  text.title = std::string(bytes.substr(0, bytes.size() / 3));
  text.description = std::string(bytes);
  text.category = std::string(bytes.substr(bytes.size() / 2));
  text.attributes["lens size"] = text.category;
  return text;
}

void CheckPack(const RulePack& pack, absl::string_view bytes) {
  FUZZ_EXPECT(!pack.id.empty() && pack.version >= 1);
  for (const Rule& rule : pack.rules) {
    FUZZ_EXPECT(!rule.id.empty() && !rule.group.empty() && !rule.level.empty());
    FUZZ_EXPECT(rule.detection != nullptr);
    FUZZ_EXPECT((rule.group == "exclusion") == (rule.score < 0));
  }
  for (const std::string& warning : LintRulePack(pack)) {
    FUZZ_EXPECT(absl::StartsWith(warning, "line "));
  }
  const absl::Status examples = CheckExamples(pack);
  FUZZ_EXPECT(examples.ok() || absl::IsInvalidArgument(examples));
  const auto engine =
      RuleEngine::Compile({std::make_shared<RulePack>(pack)}, {});
  FUZZ_EXPECT(engine.ok());
  CheckReview(**engine, pack, ListingOf(bytes));
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lenscap;
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto pack = ParseRulePack(bytes);
  if (pack.ok()) {
    CheckPack(*pack, bytes);
  } else {
    FUZZ_EXPECT(absl::IsInvalidArgument(pack.status()));
    FUZZ_EXPECT(absl::StartsWith(pack.status().message(), "line "));
  }
  return 0;
}
