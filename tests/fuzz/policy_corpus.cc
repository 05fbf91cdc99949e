#include "services/default_policy.h"
#include "tests/fuzz/seed.h"

namespace lenscap {

std::vector<Seed> FuzzSeeds() {
  return {
      {"nothing", ""},
      {"default", std::string(DefaultPolicyText())},
      {"version", "version: \"1\""},
      {"match-rule",
       "version: \"1\"\nmatch_rules {\n  name: \"a\"\n  list_ids: [\"x\", "
       "\"y\"]\n  min_severity: SEVERITY_CONFIRMED\n  min_frames: 3\n  "
       "max_median_distance: 20\n  min_query_coverage: 0.5\n  "
       "min_query_span { seconds: 3 nanos: 5 }\n  action: ACTION_BLOCK\n}\n"},
      {"scene-rule",
       "version: \"2\" match_rules < name: 'b' same_scene: true "
       "min_score: 1e-1 action: ACTION_REVIEW shadow: true >"},
      {"cue-rule",
       "version: \"3\"\ncue_rules { name: \"c\" cue: \"hidden_camera\" "
       "min_probability: 0.9 action: ACTION_REVIEW }\n"},
      {"awkward",
       "version: \"\\303\\251\" match_rules { name: \"n\" min_score: nan "
       "min_frames: -2147483648 action: 7 } # the end"},
  };
}

}  // namespace lenscap
