#include "services/turns.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

// The keys of the next `count` items, each done at once.
std::string TakeKeys(Turns<int>& turns, int count) {
  std::string keys;
  for (int i = 0; i < count; ++i) {
    const auto taken = turns.Take();
    if (!taken) return keys + ".";
    keys += taken->key;
    turns.Done(taken->key);
  }
  return keys;
}

TEST(TurnsTest, OneKeysItemsGoInOrderOfArrival) {
  Turns<int> turns;
  for (int i = 0; i < 5; ++i) turns.Add("a", i);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(turns.Take()->item, i);
  EXPECT_FALSE(turns.Take().has_value());
}

TEST(TurnsTest, KeysTakeTurnsHoweverManyItemsOneHas) {
  Turns<int> turns;
  for (int i = 0; i < 10'000; ++i) turns.Add("a", i);
  EXPECT_EQ(TakeKeys(turns, 3), "aaa");
  turns.Add("b", 0);
  turns.Add("b", 1);
  turns.Add("c", 0);
  EXPECT_EQ(TakeKeys(turns, 7), "abcabaa");
}

TEST(TurnsTest, AKeyWithEnoughRunningIsPassedOver) {
  Turns<int> turns(2);
  for (int i = 0; i < 4; ++i) turns.Add("a", i);
  turns.Add("b", 0);
  EXPECT_EQ(turns.Take()->key, "a");
  EXPECT_EQ(turns.Take()->key, "b");
  EXPECT_EQ(turns.Take()->key, "a");
  EXPECT_FALSE(turns.ready());
  EXPECT_FALSE(turns.Take().has_value());
  turns.Done("a");
  EXPECT_EQ(turns.Take()->item, 2);
  EXPECT_FALSE(turns.ready());
}

TEST(TurnsTest, ARemovedItemIsNeverTaken) {
  Turns<int> turns;
  turns.Add("a", 1);
  const uint64_t second = turns.Add("a", 2);
  const uint64_t other = turns.Add("b", 3);
  EXPECT_EQ(turns.Remove("a", second), 2);
  EXPECT_EQ(turns.Remove("a", second), std::nullopt);
  EXPECT_EQ(turns.Remove("nobody", other), std::nullopt);
  EXPECT_EQ(turns.Remove("b", other), 3);
  EXPECT_EQ(turns.size(), 1);
  EXPECT_EQ(TakeKeys(turns, 2), "a.");
}

// Trivially right: all items in one list, and when each key was last put
// behind the others.
class Model {
 public:
  explicit Model(int max_running) : max_running_(max_running) {}

  void Add(const std::string& key, int item) {
    const bool was_ready = Ready(key);
    items_.emplace_back(key, item);
    if (!was_ready) behind_[key] = ++now_;
  }
  std::optional<std::pair<std::string, int>> Take() {
    auto best = items_.end();
    for (auto it = items_.begin(); it != items_.end(); ++it) {
      if (!Ready(it->first)) continue;
      if (best == items_.end() || behind_[it->first] < behind_[best->first]) {
        best = it;
      }
    }
    if (best == items_.end()) return std::nullopt;
    const auto taken = *best;
    items_.erase(best);
    ++running_[taken.first];
    behind_[taken.first] = ++now_;
    return taken;
  }
  void Done(const std::string& key) {
    const bool was_ready = Ready(key);
    --running_[key];
    if (!was_ready) behind_[key] = ++now_;
  }
  bool Remove(int item) {
    return std::erase_if(items_,
                         [&](const auto& it) { return it.second == item; }) > 0;
  }
  bool AnyRuns(const std::string& key) { return running_[key] > 0; }
  size_t size() const { return items_.size(); }

 private:
  bool Ready(const std::string& key) {
    const bool waits =
        std::any_of(items_.begin(), items_.end(),
                    [&](const auto& it) { return it.first == key; });
    return waits && (max_running_ == 0 || running_[key] < max_running_);
  }

  const int max_running_;
  int now_ = 0;
  std::vector<std::pair<std::string, int>> items_;
  std::map<std::string, int> running_;
  std::map<std::string, int> behind_;
};

class TurnsModelTest : public testing::TestWithParam<int> {};

TEST_P(TurnsModelTest, EveryAnswerIsTheModels) {
  const int max_running = GetParam() % 4;
  std::mt19937 random(GetParam());
  Turns<int> turns(max_running);
  Model model(max_running);
  std::map<int, std::pair<std::string, uint64_t>> numbers;
  for (int step = 0; step < 5000; ++step) {
    const std::string key(1, static_cast<char>('a' + random() % 5));
    switch (random() % 5) {
      case 0:
      case 1:
        model.Add(key, step);
        numbers[step] = {key, turns.Add(key, step)};
        break;
      case 2: {
        const auto taken = turns.Take();
        const auto expected = model.Take();
        ASSERT_EQ(taken.has_value(), expected.has_value()) << step;
        if (!taken) break;
        ASSERT_EQ(taken->key, expected->first) << step;
        ASSERT_EQ(taken->item, expected->second) << step;
        break;
      }
      case 3:
        if (!model.AnyRuns(key)) break;
        model.Done(key);
        turns.Done(key);
        break;
      case 4: {
        const auto chosen =
            numbers.lower_bound(static_cast<int>(random() % (step + 1)));
        if (chosen == numbers.end()) break;
        const auto& [line, number] = chosen->second;
        ASSERT_EQ(turns.Remove(line, number).has_value(),
                  model.Remove(chosen->first));
        break;
      }
    }
    ASSERT_EQ(turns.size(), model.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, TurnsModelTest, testing::Range(0, 12));

}  // namespace
}  // namespace lenscap
