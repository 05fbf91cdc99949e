#ifndef LENSCAP_TESTS_TAKEDOWN_QUEUE_FIXTURE_H_
#define LENSCAP_TESTS_TAKEDOWN_QUEUE_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"
#include "tests/support/test_disk.h"

namespace lenscap {

// A queue of cases on a disk of its own, and uploads to put into it.
class QueueFixture : public testing::Test {
 protected:
  static constexpr auto kRemove = v1::Decision::OUTCOME_REMOVE;
  static constexpr auto kKeep = v1::Decision::OUTCOME_KEEP;

  QueueFixture() {
    TestDisk::SetMode(TestDisk::Mode::kNoSyncs);
    OpenQueue();
  }
  ~QueueFixture() override { TestDisk::SetMode(TestDisk::Mode::kSound); }

  void OpenQueue() {
    queue_.reset();
    auto queue = OpenLocalQueue({.directory = directory_,
                                 .max_deliveries = 3,
                                 .clock = &clock_,
                                 .grouping_window = absl::Hours(24),
                                 .max_case_uploads = 5,
                                 .review = review_});
    ASSERT_TRUE(queue.ok()) << queue.status();
    queue_ = *std::move(queue);
  }

  // Of an unknown clip, in the group "chat".
  static v1::Case Suspected(const std::string& content_id,
                            const std::string& account = "acc") {
    v1::Case upload;
    upload.set_content_id(content_id);
    upload.set_account(account);
    upload.set_group("chat");
    upload.set_priority(300);
    upload.mutable_report()->set_content_id(content_id);
    upload.mutable_report()->set_sha256("file of " + content_id);
    upload.mutable_report()->mutable_verdict()->set_action(v1::ACTION_REVIEW);
    return upload;
  }
  // Of the entry of the list "list".
  static v1::Case Known(const std::string& content_id, const std::string& entry,
                        v1::Action action = v1::ACTION_BLOCK) {
    v1::Case upload = Suspected(content_id);
    upload.set_priority(600);
    v1::ClipMatch& match = *upload.mutable_report()->add_matches();
    match.set_list_id("list");
    match.set_entry_id(entry);
    match.set_kind(v1::ClipMatch::KIND_FRAMES);
    upload.mutable_report()->mutable_verdict()->set_action(action);
    return upload;
  }

  std::string Submit(const v1::Case& upload) {
    const auto id = queue_->Submit(upload);
    EXPECT_TRUE(id.ok()) << id.status();
    return id.value_or("");
  }

  // The token of the best waiting case; "" where there is none.
  std::string Claim(const Reviewer& reviewer,
                    const v1::QueueFilter& filter = {}) {
    auto leases = queue_->LeaseCases(reviewer, filter, 1, absl::Minutes(5));
    EXPECT_TRUE(leases.ok()) << leases.status();
    if (!leases.ok() || leases->empty()) return "";
    return std::move(leases->front()).Detach();
  }
  std::string Claim(const std::string& reviewer) {
    return Claim(Reviewer{.name = reviewer});
  }

  v1::Case Decide(const std::string& token, v1::Decision::Outcome outcome,
                  const std::vector<std::string>& content_ids = {}) {
    const auto decided =
        queue_->Rule(token, {.outcome = outcome, .content_ids = content_ids});
    EXPECT_TRUE(decided.ok()) << decided.status();
    return decided.value_or(v1::Case());
  }

  v1::Case Get(const std::string& id) {
    const auto opened = queue_->Get(id);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.value_or(v1::Case());
  }
  v1::CaseUpload Upload(const std::string& content_id) {
    const auto upload = queue_->Upload(content_id);
    EXPECT_TRUE(upload.ok()) << upload.status();
    return upload.value_or(v1::CaseUpload());
  }
  std::vector<std::string> ContentIds(const std::string& id,
                                      bool undecided = false, int limit = 100) {
    std::vector<std::string> ids;
    std::string after;
    do {
      const auto page = queue_->Uploads(id, after, limit, undecided);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const auto& upload : page->uploads) {
        ids.push_back(upload.content_id());
      }
      after = page->next;
    } while (!after.empty());
    return ids;
  }

  std::vector<v1::CaseEvent> Events() {
    const auto events = queue_->Events(0, 10'000, absl::ZeroDuration());
    EXPECT_TRUE(events.ok()) << events.status();
    return events.value_or(std::vector<v1::CaseEvent>());
  }

  const std::string directory_ = MakeTempDirectory();
  FakeClock clock_;
  v1::ReviewPolicy review_;
  std::unique_ptr<TakedownQueue> queue_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_TAKEDOWN_QUEUE_FIXTURE_H_
