// A policy file, and decisions by it.

#include <google/protobuf/text_format.h>

#include <string>

#include "absl/strings/string_view.h"
#include "tests/fuzz/fuzz_target.h"
#include "verdict/policy.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

// Every cue that the policy asks for, as sure as can be.
CueReport AllCues(const v1::Policy& policy) {
  CueReport report;
  for (const v1::CueRule& rule : policy.cue_rules()) {
    Cue& cue = report.cues.emplace_back();
    cue.name = rule.cue();
    cue.probability = 1;
  }
  return report;
}

ClipMatch SureMatch(ClipMatch::Kind kind) {
  ClipMatch match;
  match.list_id = "list";
  match.entry_id = "entry";
  match.severity = Severity::kCritical;
  match.kind = kind;
  match.score = match.query_coverage = match.reference_coverage = 1;
  match.query = match.reference = {absl::ZeroDuration(), absl::Hours(1)};
  match.frames_matched = match.frames_sampled = 7200;
  return match;
}

void CheckDecisions(const v1::Policy& policy) {
  const CueReport cues = AllCues(policy);
  const v1::Verdict nothing = Decide({}, {}, policy);
  FUZZ_EXPECT(nothing.action() == v1::ACTION_ALLOW);
  FUZZ_EXPECT(nothing.policy_version() == policy.version());
  FUZZ_EXPECT(Decide({}, cues, policy).action() != v1::ACTION_BLOCK);
  const ClipMatch scene = SureMatch(ClipMatch::Kind::kSameScene);
  FUZZ_EXPECT(Decide({scene}, cues, policy).action() != v1::ACTION_BLOCK);
  const ClipMatch frames = SureMatch(ClipMatch::Kind::kFrames);
  const v1::Verdict known = Decide({frames, scene}, cues, policy);
  const int priority = CasePriority(known, {frames, scene});
  FUZZ_EXPECT(priority >= 0 && priority <= 1000);
}

void CheckText(const v1::Policy& policy) {
  std::string printed;
  FUZZ_EXPECT(google::protobuf::TextFormat::PrintToString(policy, &printed));
  const auto again = ParsePolicy(printed);
  FUZZ_EXPECT(again.ok());
  FUZZ_EXPECT(again->SerializeAsString() == policy.SerializeAsString());
}

}  // namespace
}  // namespace lenscap

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lenscap;
  const auto policy =
      ParsePolicy(absl::string_view(reinterpret_cast<const char*>(data), size));
  if (policy.ok()) {
    CheckText(*policy);
    CheckDecisions(*policy);
  } else {
    FUZZ_EXPECT(absl::IsInvalidArgument(policy.status()));
    FUZZ_EXPECT(!policy.status().message().empty());
  }
  return 0;
}
