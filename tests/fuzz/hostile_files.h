#ifndef LENSCAP_TESTS_FUZZ_HOSTILE_FILES_H_
#define LENSCAP_TESTS_FUZZ_HOSTILE_FILES_H_

#include <string>
#include <vector>

#include "tests/fuzz/seed.h"

namespace lenscap {

// What a file may try to make a reader open.
struct Bait {
  std::string host;  // "127.0.0.1:PORT"
  std::string path;  // Of a video, absolute.
  std::string name;  // Of a video in the reader's working directory.
};

// Files that point elsewhere: playlists, scripts and session descriptions
// under a video's name, and movies whose samples are in another file or behind
// a URL.
std::vector<Seed> MakeLures(const Bait& bait);

// Small files that want much memory or time: huge pictures of one colour,
// compressed blocks that grow, ten thousand streams.
std::vector<Seed> MakeBombs();

// Files of a broken build: deep nesting, absurd counts, time that runs
// backward, nothing at all.
std::vector<Seed> MakeOddFiles();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_HOSTILE_FILES_H_
