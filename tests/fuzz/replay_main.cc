// Feeds a fuzz target without a fuzzer.
//
//   X_replay_test                      its seeds and mutants of each, as a test
//   X_replay_test --mutants=N          N mutants of each
//   X_replay_test PATH...              files, and all files below folders
//   X_replay_test --write_seeds=DIR    writes the seeds, for libFuzzer
//
// While an input is fed it lies in the file "input" in the test's outputs, so
// that one that ends the process is there afterwards.

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/mutations.h"
#include "tests/fuzz/seed.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

int mutants_of_each = 10;

void Feed(const std::string& bytes) {
  // A copy of just this length, so that a sanitizer sees a step beyond it.
  const std::vector<uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) std::cerr << "cannot write " << path << std::endl;
}

// The file that holds the input which is being fed. It stays open: to replace
// a file for each input would wait for the disk each time.
class Record {
 public:
  Record() {
    const char* outputs = std::getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    path_ = fs::path(outputs != nullptr ? outputs : ".") / "input";
    file_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    EXPECT_GE(file_, 0) << path_;
  }
  ~Record() {
    close(file_);
    fs::remove(path_);
  }
  void Feeding(const std::string& bytes) {
    EXPECT_EQ(pwrite(file_, bytes.data(), bytes.size(), 0),
              static_cast<ssize_t>(bytes.size()));
    EXPECT_EQ(ftruncate(file_, static_cast<off_t>(bytes.size())), 0);
  }

 private:
  fs::path path_;
  int file_ = -1;
};

TEST(ReplayTest, SeedsAndTheirMutantsDoNoHarm) {
  const std::vector<Seed> seeds = FuzzSeeds();
  ASSERT_FALSE(seeds.empty());
  Record record;
  for (size_t i = 0; i < seeds.size(); ++i) {
    std::cout << seeds[i].name << std::endl;
    record.Feeding(seeds[i].bytes);
    Feed(seeds[i].bytes);
    for (int j = 0; j < mutants_of_each; ++j) {
      const uint64_t number = i * 1'000'003 + j;
      const std::string& other = seeds[number * 7 % seeds.size()].bytes;
      const Mutant mutant = Mutate(seeds[i].bytes, other, number);
      record.Feeding(mutant.bytes);
      Feed(mutant.bytes);
    }
  }
}

void ReplayFile(const fs::path& path) {
  std::cout << path.string() << std::endl;
  Feed(ReadFileBytes(path));
}

void Replay(const fs::path& path) {
  if (!fs::is_directory(path)) return ReplayFile(path);
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) ReplayFile(entry.path());
  }
}

void WriteSeeds(const fs::path& directory) {
  fs::create_directories(directory);
  int number = 0;
  for (const Seed& seed : FuzzSeeds()) {
    WriteFile(directory / absl::StrCat(number++, "-", seed.name), seed.bytes);
  }
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  bool asked = false;
  for (int i = 1; i < argc; ++i) {
    absl::string_view argument = argv[i];
    if (absl::ConsumePrefix(&argument, "--mutants=")) {
      if (!absl::SimpleAtoi(argument, &lenscap::mutants_of_each)) return 2;
      continue;
    }
    asked = true;
    if (absl::ConsumePrefix(&argument, "--write_seeds=")) {
      lenscap::WriteSeeds(std::string(argument));
    } else {
      lenscap::Replay(argv[i]);
    }
  }
  return asked ? 0 : RUN_ALL_TESTS();
}
