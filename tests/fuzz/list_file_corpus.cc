#include <random>

#include "base/zstd.h"
#include "index/clip_record.h"
#include "tests/fuzz/seed.h"
#include "tests/lists/clips.h"

namespace lenscap {

std::vector<Seed> FuzzSeeds() {
  const std::string list = KnownFile("version1.ndjson");
  std::mt19937_64 random(1);
  Clip clip;
  while (clip.detail.empty()) clip = RandomClip("list", "entry", random);
  return {
      {"detail", EncodeDetail(clip.detail)},
      {"list", list},
      {"compressed", ZstdCompress(list)},
      {"delta", KnownFile("version2.ndjson.zst")},
      {"envelope", list.substr(0, list.find('\n') + 1)},
      {"keys", KnownFile("keys.json")},
      {"signatures", KnownFile("version1.ndjson.jws")},
      {"nothing", ""},
  };
}

}  // namespace lenscap
