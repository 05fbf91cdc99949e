#include "tests/fuzz/mutations.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

// One box within another, and one beside it.
const std::string kMovie(
    "\0\0\0\x18moov\0\0\0\x10tkhd12345678\0\0\0\x0Cmdatabcd", 36);
const std::string kOther(1000, 'o');

TEST(MutationsTest, TheSameSeedGivesTheSameMutant) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    const Mutant first = Mutate(kMovie, kOther, seed);
    const Mutant second = Mutate(kMovie, kOther, seed);
    EXPECT_EQ(first.bytes, second.bytes);
    EXPECT_EQ(first.how, second.how);
  }
}

TEST(MutationsTest, MutantsDifferFromTheFileAndFromEachOther) {
  std::set<std::string> mutants;
  int unchanged = 0;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    const Mutant mutant = Mutate(kMovie, kOther, seed);
    mutants.insert(mutant.bytes);
    unchanged += mutant.bytes == kMovie;
  }
  EXPECT_GT(mutants.size(), 700);
  EXPECT_LT(unchanged, 50);
}

TEST(MutationsTest, EveryMutationIsUsed) {
  std::map<std::string, int> uses;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    for (absl::string_view name :
         absl::StrSplit(Mutate(kMovie, kOther, seed).how, '+')) {
      ++uses[std::string(name)];
    }
  }
  EXPECT_EQ(uses.size(), MutationNames().size());
  for (const std::string& name : MutationNames()) EXPECT_GT(uses[name], 20);
}

TEST(MutationsTest, NothingAndOneByteCanBeMutated) {
  for (const std::string& file : {std::string(), std::string("x")}) {
    for (uint64_t seed = 0; seed < 2000; ++seed) {
      EXPECT_LE(Mutate(file, "", seed).bytes.size(), kMaxMutantBytes);
      EXPECT_LE(Mutate(file, kMovie, seed).bytes.size(), kMaxMutantBytes);
    }
  }
}

TEST(MutationsTest, NoMutantIsTooLong) {
  const std::string large(kMaxMutantBytes, 'x');
  for (uint64_t seed = 0; seed < 50; ++seed) {
    EXPECT_LE(Mutate(large, large, seed).bytes.size(), kMaxMutantBytes);
  }
}

}  // namespace
}  // namespace lenscap
