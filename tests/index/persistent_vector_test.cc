#include "index/persistent_vector.h"

#include <map>
#include <random>
#include <string>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(PersistentVectorTest, WhatWasNeverSetIsEmpty) {
  const PersistentVector<std::string> empty;
  EXPECT_EQ(empty[0], "");
  EXPECT_EQ(empty[1'000'000'000'000], "");
  const auto one = empty.With({{1000, "x"}});
  EXPECT_EQ(one[1000], "x");
  EXPECT_EQ(one[999], "");
  EXPECT_EQ(one[100'000], "");
}

TEST(PersistentVectorTest, EveryVersionStaysAsItWas) {
  std::mt19937 random(1);
  std::vector<PersistentVector<int, 8>> versions(1);
  std::vector<std::map<size_t, int>> models(1);
  for (int step = 0; step < 200; ++step) {
    // Not always on top of the newest one.
    const size_t base = random() % versions.size();
    std::vector<std::pair<size_t, int>> changes;
    std::map<size_t, int> model = models[base];
    for (int i = random() % 6; i > 0; --i) {
      changes.emplace_back(random() % 100, 1 + random() % 1000);
      model[changes.back().first] = changes.back().second;
    }
    versions.push_back(versions[base].With(changes));
    models.push_back(model);
  }
  for (size_t v = 0; v < versions.size(); ++v) {
    for (size_t i = 0; i < 120; ++i) {
      ASSERT_EQ(versions[v][i], models[v].count(i) ? models[v][i] : 0);
    }
  }
}

TEST(PersistentVectorTest, VersionsShareWhatIsTheSame) {
  const auto one = PersistentVector<int>().With({{3, 1}, {5000, 2}});
  const auto two = one.With({{5001, 3}});
  EXPECT_EQ(&one[3], &two[3]);
  EXPECT_NE(&one[5000], &two[5000]);
}

}  // namespace
}  // namespace lenscap
