#include "tests/models/ranking.h"

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(RankingTest, APerfectOrderIsOne) {
  const std::vector<Judged> judged = {{.9, true}, {.8, true}, {.3, false}};
  EXPECT_EQ(RocAuc(judged), 1);
  EXPECT_EQ(AveragePrecision(judged), 1);
}

TEST(RankingTest, KnownOrdersHaveKnownFigures) {
  const std::vector<Judged> judged = {
      {.9, true}, {.8, false}, {.7, true}, {.6, false}};
  EXPECT_DOUBLE_EQ(RocAuc(judged), 3. / 4);
  EXPECT_DOUBLE_EQ(AveragePrecision(judged), (1 + 2. / 3) / 2);
}

TEST(RankingTest, TiesAreNotFlattering) {
  const std::vector<Judged> judged = {{.5, true}, {.5, false}};
  EXPECT_EQ(RocAuc(judged), 0.5);
  EXPECT_EQ(AveragePrecision(judged), 0.5);
}

TEST(RankingTest, CalibrationComparesWhatIsSaidWithWhatIs) {
  EXPECT_NEAR(CalibrationError({{.85, true}, {.85, true}, {.85, false}}),
              .85 - 2. / 3, 1e-12);
  EXPECT_NEAR(CalibrationError({{0, false}, {1, true}}), 0, 1e-12);
  EXPECT_EQ(CalibrationError({}), 0);
}

TEST(RankingTest, HitsCountWhatIsReported) {
  const Hits hits = HitsAt({{.9, true}, {.5, false}, {.4, true}}, 0.5);
  EXPECT_EQ(hits.precision(), 0.5);
  EXPECT_EQ(hits.recall(), 0.5);
  EXPECT_EQ(HitsAt({}, 0.5).precision(), 1);
}

}  // namespace
}  // namespace lenscap
