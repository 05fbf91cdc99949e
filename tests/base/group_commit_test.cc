#include "base/group_commit.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

using testing::ElementsAre;

struct Request {
  int id = 0;
  bool committed = false;
};

TEST(GroupCommitTest, ARequestAloneIsAGroup) {
  std::vector<int> groups;
  GroupCommit<Request> commits(
      [&](const auto& group) {
        groups.push_back(group.size());
        group[0]->committed = true;
      },
      10);
  for (int i = 0; i < 3; ++i) {
    Request request{i};
    commits.Run(&request, 100);
    EXPECT_TRUE(request.committed);
  }
  EXPECT_THAT(groups, ElementsAre(1, 1, 1));
}

// Runs `weights.size()` requests of which all but the first come while the
// first is being committed; returns the sizes of the groups.
std::vector<size_t> GroupsOf(const std::vector<size_t>& weights,
                             size_t max_weight) {
  std::vector<size_t> sizes;
  std::atomic<size_t> started = 0;
  std::atomic<bool> first_runs = false;
  GroupCommit<Request> commits(
      [&](const auto& group) {
        first_runs = true;
        // Started is not yet waiting; a moment more makes it all but sure, and
        // what the test says holds either way.
        while (started < weights.size()) std::this_thread::yield();
        for (int i = 0; sizes.empty() && i < 1000; ++i) {
          std::this_thread::yield();
        }
        sizes.push_back(group.size());
        for (Request* request : group) request->committed = true;
      },
      max_weight);
  std::vector<Request> requests(weights.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < weights.size(); ++i) {
    threads.emplace_back([&, i] {
      ++started;
      commits.Run(&requests[i], weights[i]);
    });
    while (!first_runs) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  for (const Request& request : requests) EXPECT_TRUE(request.committed);
  return sizes;
}

TEST(GroupCommitTest, RequestsThatComeTogetherShareACommit) {
  const auto sizes = GroupsOf(std::vector<size_t>(16, 1), 100);
  EXPECT_LT(sizes.size(), 16);
  EXPECT_EQ(sizes[0], 1);
}

TEST(GroupCommitTest, AGroupIsNotHeavierThanAllowed) {
  for (const size_t size : GroupsOf(std::vector<size_t>(16, 40), 100)) {
    EXPECT_LE(size, 2);
  }
  for (const size_t size : GroupsOf(std::vector<size_t>(8, 1000), 100)) {
    EXPECT_EQ(size, 1);
  }
}

TEST(GroupCommitTest, GroupsDoNotOverlapAndKeepTheOrder) {
  std::atomic<int> running = 0;
  std::vector<int> last(8, -1);
  int committed = 0;
  GroupCommit<Request> commits(
      [&](const auto& group) {
        EXPECT_EQ(++running, 1);
        for (Request* request : group) {
          const int thread = request->id / 1000;
          EXPECT_EQ(request->id % 1000, last[thread] + 1);
          last[thread] = request->id % 1000;
          ++committed;
        }
        --running;
      },
      5);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        Request request{t * 1000 + i};
        commits.Run(&request, 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(committed, 8 * 500);
}

}  // namespace
}  // namespace lenscap
