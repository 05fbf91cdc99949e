#include "services/cue_models.h"

#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::HasSubstr;

class NamedScorer final : public CueScorer {
 public:
  explicit NamedScorer(int version) : version_(version) {}
  absl::StatusOr<CueReport> Score(const CueFootage&) const override {
    CueReport report;
    report.model_version = std::to_string(version_);
    return report;
  }

 private:
  const int version_;
};

// Versions of which a test says which is the newest and which are damaged.
struct Shelf {
  absl::StatusOr<int> newest = 1;
  std::set<int> damaged;

  CueModels::Versions versions() {
    return {
        .newest = [this] { return newest; },
        .open =
            [this](int version) -> absl::StatusOr<std::unique_ptr<CueScorer>> {
          if (damaged.count(version) != 0) {
            return absl::InvalidArgumentError("2/model.pt: damaged");
          }
          return std::make_unique<NamedScorer>(version);
        }};
  }
};

std::string VersionInUse(const CueModels& models) {
  return models.Score({})->model_version;
}

TEST(CueModelsTest, ANewVersionIsTakenUpWithoutARestart) {
  Shelf shelf;
  const auto models = *CueModels::Open(shelf.versions());
  EXPECT_EQ(VersionInUse(*models), "1");
  shelf.newest = 2;
  EXPECT_EQ(VersionInUse(*models), "1");
  EXPECT_TRUE(models->Refresh().ok());
  EXPECT_EQ(VersionInUse(*models), "2");
}

TEST(CueModelsTest, AVersionThatIsTakenAwayBringsTheOneBeforeBack) {
  Shelf shelf;
  shelf.newest = 2;
  const auto models = *CueModels::Open(shelf.versions());
  shelf.newest = 1;
  EXPECT_TRUE(models->Refresh().ok());
  EXPECT_EQ(VersionInUse(*models), "1");
}

TEST(CueModelsTest, ADamagedVersionLeavesTheOneInUse) {
  Shelf shelf;
  const auto models = *CueModels::Open(shelf.versions());
  shelf.newest = 2;
  shelf.damaged = {2};
  EXPECT_THAT(std::string(models->Refresh().message()), HasSubstr("damaged"));
  EXPECT_EQ(VersionInUse(*models), "1");
  shelf.newest = absl::NotFoundError("gone");
  EXPECT_EQ(models->Refresh().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(VersionInUse(*models), "1");
  shelf.newest = 3;
  EXPECT_TRUE(models->Refresh().ok());
  EXPECT_EQ(VersionInUse(*models), "3");
}

TEST(CueModelsTest, ADamagedFirstVersionIsAnError) {
  Shelf shelf;
  shelf.damaged = {1};
  EXPECT_EQ(CueModels::Open(shelf.versions()).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lenscap
