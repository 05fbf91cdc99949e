#include "base/snapshot.h"

#include <atomic>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(SnapshotTest, StartsWithNothingOrWhatItWasGiven) {
  EXPECT_EQ(Snapshot<int>().Get(), nullptr);
  EXPECT_EQ(*Snapshot<int>(std::make_shared<const int>(7)).Get(), 7);
}

TEST(SnapshotTest, AReaderKeepsWhatItGot) {
  Snapshot<int> snapshot(std::make_shared<const int>(1));
  const auto kept = snapshot.Get();
  snapshot.Set(std::make_shared<const int>(2));
  EXPECT_EQ(*kept, 1);
  EXPECT_EQ(*snapshot.Get(), 2);
}

TEST(SnapshotTest, TheOldValueDiesWithItsLastReader) {
  Snapshot<int> snapshot(std::make_shared<const int>(1));
  auto kept = snapshot.Get();
  const std::weak_ptr<const int> watch = kept;
  snapshot.Set(nullptr);
  EXPECT_FALSE(watch.expired());
  kept.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(SnapshotTest, ReadersSeeWholeValuesWhileAWriterReplacesThem) {
  struct Pair {
    int a, b;
  };
  Snapshot<Pair> snapshot(std::make_shared<const Pair>(Pair{0, 0}));
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (int last = 0; !done;) {
        const auto pair = snapshot.Get();
        EXPECT_EQ(pair->a, pair->b);
        EXPECT_GE(pair->a, last);
        last = pair->a;
      }
    });
  }
  for (int i = 1; i <= 10'000; ++i) {
    snapshot.Set(std::make_shared<const Pair>(Pair{i, i}));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace lenscap
