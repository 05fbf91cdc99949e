#include "tests/fuzz/seed.h"

namespace lenscap {
namespace {

// The header of a pack, and a rule up to its detection.
constexpr char kHeader[] = "pack: p\nversion: 1\nissuer: i\ntitle: t\n";
constexpr char kRule[] =
    "---\nid: r\ntitle: t\nlevel: low\ngroup: object\nscore: 1\ndetection:\n";

std::string Pack(const std::string& detection) {
  return std::string(kHeader) + kRule + detection;
}

}  // namespace

std::vector<Seed> FuzzSeeds() {
  return {
      {"nothing", ""},
      {"header", std::string(kHeader) + "caps: {object: 30}\n"},
      {"keys", Pack("  a: [针孔摄像头, spy cam]\n  condition: a\n")},
      {"map", Pack("  a:\n    title|sound: [烟感, 充电器]\n    attributes.lens "
                   "size|lte: 5\n  condition: 1 of a*\n")},
      {"modifiers",
       Pack("  a: {any|words|tight|all: [a, b], category|exact: c, "
            "attributes|nosound: 针孔摄像}\n  condition: all of them\n")},
      {"expressions",
       Pack("  a: {any|re: ['lens [0-9]+ ?mm', 针.?孔], any|re|sound: "
            "'zhen(kong)?'}\n  condition: a\n")},
      {"condition",
       Pack("  a: x\n  b_1: y\n  b_2: z\n  condition: a and (b_1 or not "
            "(all of b_*)) and not not 1 of them\n")},
      {"all-fields",
       "pack: p\nversion: 1\nissuer: i\ntitle: t\n---\ntitle: A\nid: "
       "zh-1\nstatus: stable\ndescription: >\n  Two\n  "
       "lines\nreferences:\n- one\nlevel: critical\ntags: "
       "[campaign.x]\nfalsepositives: [\"a\\u4e00\", 'b']\nlocale: "
       "zh\nkinds: [listing, post, chat-message, profile]\ngroup: "
       "trade\nscore: 20.5\naction: review\nvalid_until: "
       "2029-12-31\ndetection:\n  a: x\n  condition: a\nexamples:\n  "
       "positive: [x, {title: x, description: y, category: z, attributes: "
       "{n: v}, kind: post, locale: zh}]\n  negative: [y]\n"},
      {"exclusion",
       "pack: p\nversion: 1\nissuer: i\ntitle: t\n---\nid: r\ntitle: "
       "t\nlevel: low\ngroup: exclusion\nscore: -5\nstatus: "
       "deprecated\ndetection: {a: [x], condition: a}\n...\n"},
      {"bombs",
       Pack("  a: {any|re: '((a{1,100}){1,100}){1,100}'}\n  b: &x [*x]\n  "
            "c: !!set {? a}\n  condition: a\n")},
  };
}

}  // namespace lenscap
