#include <string>
#include <vector>

#include "lists/formats/format.h"
#include "tests/fuzz/seed.h"
#include "tests/lists/formats/conversion.h"

namespace lenscap {

// Ten entries in every format; the first byte says which (list_formats_fuzz).
std::vector<Seed> FuzzSeeds() {
  std::vector<Seed> seeds;
  for (const ListFormat format : kAllListFormats) {
    if (format == ListFormat::kStixJson) continue;
    Random random(1);
    std::vector<EntryChange> entries;
    const int count = format == ListFormat::kVpdqText ? 1 : 10;
    for (int i = 0; i < count; ++i) {
      Clip clip = RandomEntry("entry-" + std::to_string(i), random);
      clip.detail = {};
      if (clip.frames.empty()) {
        clip.frames.push_back({RandomHash(random), 100, {}});
      }
      entries.push_back(Added(clip));
    }
    LossReport losses;
    seeds.push_back(
        {std::string(ListFormatName(format)),
         static_cast<char>(format) + WriteAll(format, entries, &losses)});
  }
  return seeds;
}

}  // namespace lenscap
