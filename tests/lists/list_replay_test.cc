#include "lists/list_replay.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using Op = EntryChange::Op;
using Content = std::map<std::string, std::string>;  // Id -> category.

class Changes final : public EntryChangeSource {
 public:
  explicit Changes(std::vector<EntryChange> changes)
      : changes_(std::move(changes)) {}
  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (next_ == changes_.size()) return std::nullopt;
    return changes_[next_++];
  }

 private:
  const std::vector<EntryChange> changes_;
  size_t next_ = 0;
};

// Versions of a list, kept in memory; the first is version 1.
struct Versions {
  struct Version {
    ListEnvelope::Kind kind = ListEnvelope::Kind::kDelta;
    std::vector<EntryChange> changes;
  };
  std::vector<Version> versions;

  OpenListVersion Opener() const {
    return [this](int64_t version) -> absl::StatusOr<OpenedList> {
      if (version < 1 || version > static_cast<int64_t>(versions.size())) {
        return absl::NotFoundError(absl::StrCat("no version ", version));
      }
      const Version& found = versions[version - 1];
      OpenedList opened;
      opened.envelope.version = version;
      opened.envelope.kind = found.kind;
      opened.changes = std::make_unique<Changes>(found.changes);
      return opened;
    };
  }
};

EntryChange Change(Op op, const std::string& id,
                   const std::string& category = "") {
  EntryChange change;
  change.op = op;
  change.clip.entry_id = id;
  change.clip.terms.category = category;
  return change;
}

Content ContentOf(const Versions& versions, int64_t version) {
  auto replayed = ReplayList(version, versions.Opener());
  EXPECT_TRUE(replayed.ok()) << replayed.status();
  Content content;
  while (true) {
    auto change = replayed->entries->Next();
    EXPECT_TRUE(change.ok()) << change.status();
    if (!*change) return content;
    EXPECT_EQ((*change)->op, Op::kAdd);
    EXPECT_TRUE(
        content
            .emplace((*change)->clip.entry_id, (*change)->clip.terms.category)
            .second);
  }
}

TEST(ListReplayTest, EveryVersionHasWhatASimpleModelSays) {
  std::mt19937 random(7);
  Versions versions;
  std::vector<Content> truth;
  Content now;
  for (int v = 0; v < 60; ++v) {
    Versions::Version version;
    if (random() % 8 == 0) {
      version.kind = ListEnvelope::Kind::kSnapshot;
      now.clear();
    }
    std::set<std::string> named;
    for (int i = random() % 12; i > 0; --i) {
      const std::string id = absl::StrCat("e", random() % 20);
      if (!named.insert(id).second) continue;
      const std::string category = absl::StrCat("v", v);
      if (now.count(id) == 0) {
        version.changes.push_back(Change(Op::kAdd, id, category));
        now[id] = category;
      } else if (random() % 2 == 0) {
        version.changes.push_back(Change(Op::kUpdate, id, category));
        now[id] = category;
      } else {
        version.changes.push_back(Change(Op::kWithdraw, id));
        now.erase(id);
      }
    }
    versions.versions.push_back(version);
    truth.push_back(now);
  }
  for (size_t v = 0; v < truth.size(); ++v) {
    EXPECT_EQ(ContentOf(versions, static_cast<int64_t>(v) + 1), truth[v]) << v;
  }
}

TEST(ListReplayTest, AVersionThatDoesNotFitWhatWasBeforeIsDamage) {
  for (const Op op : {Op::kUpdate, Op::kWithdraw}) {
    Versions versions;
    versions.versions = {{ListEnvelope::Kind::kSnapshot, {}},
                         {ListEnvelope::Kind::kDelta, {Change(op, "a")}}};
    const auto replayed = ReplayList(2, versions.Opener());
    EXPECT_TRUE(absl::IsDataLoss(replayed.status())) << replayed.status();
    EXPECT_THAT(replayed.status().message(),
                testing::HasSubstr("version 2: entry \"a\""));
  }
}

TEST(ListReplayTest, AVersionThatIsNotKeptIsNotFound) {
  Versions versions;
  versions.versions = {{ListEnvelope::Kind::kSnapshot, {}}};
  EXPECT_TRUE(absl::IsNotFound(ReplayList(2, versions.Opener()).status()));
}

}  // namespace
}  // namespace lenscap
