#include "services/worker_pool.h"

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lenscap {
namespace {

TEST(WorkerPoolTest, OneThreadRunsTasksInOrderOfArrival) {
  std::vector<int> order;
  {
    WorkerPool pool(1, 100);
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(pool.Schedule([&order, i] { order.push_back(i); }));
    }
  }
  ASSERT_EQ(order.size(), 50);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(order[i], i);
}

TEST(WorkerPoolTest, SeveralThreadsRunTasksAtTheSameTime) {
  std::promise<void> first_runs, second_runs, both_met;
  WorkerPool pool(2, 10);
  ASSERT_TRUE(pool.Schedule([&] {
    first_runs.set_value();
    second_runs.get_future().wait();
    both_met.set_value();
  }));
  ASSERT_TRUE(pool.Schedule([&] {
    first_runs.get_future().wait();
    second_runs.set_value();
  }));
  both_met.get_future().wait();
}

TEST(WorkerPoolTest, MoreThanMayWaitIsRefused) {
  std::promise<void> started, release;
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.Schedule([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();  // It runs, so it does not wait.
  EXPECT_TRUE(pool.Schedule([] {}));
  EXPECT_TRUE(pool.Schedule([] {}));
  EXPECT_FALSE(pool.Schedule([] {}));
  release.set_value();
}

TEST(WorkerPoolTest, AFloodOfOneKeyHoldsUpAnotherByOneTask) {
  std::promise<void> started, release;
  std::string order;
  {
    WorkerPool pool(1, 20'000);
    ASSERT_TRUE(pool.Schedule("flood", [&] {
      started.set_value();
      release.get_future().wait();
    }));
    started.get_future().wait();
    for (int i = 0; i < 10'000; ++i) {
      ASSERT_TRUE(pool.Schedule("flood", [&order] { order += 'f'; }));
    }
    ASSERT_TRUE(pool.Schedule("other", [&order] { order += 'o'; }));
    ASSERT_TRUE(pool.Schedule("other", [&order] { order += 'o'; }));
    release.set_value();
  }
  EXPECT_EQ(order.substr(0, 5), "fofof");
  EXPECT_EQ(order.size(), 10'002);
}

TEST(WorkerPoolTest, OneKeyHasNoMoreThreadsThanItMay) {
  std::promise<void> started, release, other_ran;
  std::atomic<bool> second_ran = false;
  WorkerPool pool(2, 10, /*max_running_of_one=*/1);
  ASSERT_TRUE(pool.Schedule("a", [&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  ASSERT_TRUE(pool.Schedule("a", [&] { second_ran = true; }));
  ASSERT_TRUE(pool.Schedule("b", [&] { other_ran.set_value(); }));
  other_ran.get_future().wait();
  EXPECT_FALSE(second_ran);
  release.set_value();
  pool.Stop();
  EXPECT_TRUE(second_ran);
}

TEST(WorkerPoolTest, ARemovedTaskNeverRuns) {
  std::promise<void> started, release;
  bool ran = false;
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.Schedule([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  const uint64_t number = pool.Schedule("a", [&ran] { ran = true; });
  ASSERT_NE(number, 0);
  EXPECT_TRUE(pool.Remove("a", number));
  EXPECT_FALSE(pool.Remove("a", number));
  EXPECT_TRUE(pool.Schedule([] {})) << "its place is free again";
  release.set_value();
  pool.Stop();
  EXPECT_FALSE(ran);
}

TEST(WorkerPoolTest, StopRunsWhatWaitsAndTakesNoMore) {
  std::atomic<int> ran = 0;
  WorkerPool pool(2, 100);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(pool.Schedule([&ran] { ++ran; }));
  pool.Stop();
  EXPECT_EQ(ran, 20);
  EXPECT_FALSE(pool.Schedule([&ran] { ++ran; }));
  EXPECT_EQ(ran, 20);
  pool.Stop();  // Again is no harm.
}

TEST(WorkerPoolTest, WhatATaskHoldsGoesWithIt) {
  std::promise<void> next;
  WorkerPool pool(1, 10);
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = held;
  ASSERT_TRUE(pool.Schedule([held = std::move(held)] {}));
  ASSERT_TRUE(pool.Schedule([&next] { next.set_value(); }));
  next.get_future().wait();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace lenscap
