#include <algorithm>
#include <iterator>

#include "tests/fuzz/hostile_files.h"
#include "tests/fuzz/media_seeds.h"

namespace lenscap {

std::vector<Seed> FuzzSeeds() {
  std::vector<Seed> seeds = MakeMediaSeeds();
  // Port 9 discards; nothing listens there, and nothing may ask it.
  const Bait nobody = {"127.0.0.1:9", "/etc/hostname", "a.ts"};
  for (std::vector<Seed> more :
       {MakeLures(nobody), MakeBombs(), MakeOddFiles()}) {
    std::move(more.begin(), more.end(), std::back_inserter(seeds));
  }
  return seeds;
}

}  // namespace lenscap
