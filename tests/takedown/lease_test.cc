// A lease against a queue that writes down what is asked of it.

#include <type_traits>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "takedown/queue.h"

namespace lenscap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RecordingQueue final : public TakedownQueue {
 public:
  absl::StatusOr<absl::Time> Extend(absl::string_view token,
                                    absl::Duration duration) override {
    Write("extend", token);
    if (!answer.ok()) return answer;
    return absl::FromUnixSeconds(100) + duration;
  }
  absl::Status Release(absl::string_view token) override {
    Write("release", token);
    return answer;
  }
  absl::StatusOr<v1::Case> Rule(absl::string_view token,
                                const Ruling& ruling) override {
    Write("decide", token);
    if (!answer.ok()) return answer;
    v1::Case decided;
    decided.add_decisions()->set_outcome(ruling.outcome);
    decided.mutable_decisions(0)->set_note(ruling.note);
    return decided;
  }

  // No lease asks for these.
  absl::StatusOr<std::string> Submit(const v1::Case&) override {
    return Unasked();
  }
  absl::StatusOr<std::vector<Lease>> LeaseCases(const Reviewer&,
                                                const v1::QueueFilter&, int,
                                                absl::Duration) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Claimed(absl::string_view) const override {
    return Unasked();
  }
  absl::StatusOr<Lease> LeaseCase(const Reviewer&, absl::string_view,
                                  absl::Duration) override {
    return Unasked();
  }
  absl::StatusOr<std::vector<v1::LeasedCase>> Claims(
      absl::string_view) const override {
    return Unasked();
  }
  absl::Duration undo_window() const override { return absl::ZeroDuration(); }
  absl::StatusOr<v1::Case> Undo(absl::string_view) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Hold(absl::string_view, absl::Duration,
                                absl::string_view) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Escalate(absl::string_view, absl::string_view,
                                    absl::string_view) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Reassign(const Reassignment&) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Reopen(const Reopening&) override {
    return Unasked();
  }
  absl::StatusOr<v1::Case> Alert(absl::string_view) override {
    return Unasked();
  }
  absl::StatusOr<std::vector<std::string>> Due(absl::Time, int) const override {
    return Unasked();
  }
  absl::StatusOr<v1::History> Account(absl::string_view,
                                      absl::string_view) const override {
    return Unasked();
  }
  absl::StatusOr<v1::History> Group(absl::string_view,
                                    absl::string_view) const override {
    return Unasked();
  }
  absl::StatusOr<BasisChange> Recheck(absl::string_view,
                                      const WithdrawalOf&) override {
    return Unasked();
  }
  absl::StatusOr<v1::CaseUpload> Upload(absl::string_view) const override {
    return Unasked();
  }
  absl::StatusOr<UploadPage> Uploads(absl::string_view, absl::string_view, int,
                                     bool) const override {
    return Unasked();
  }
  absl::StatusOr<UploadPage> UploadsDecided(absl::string_view, int,
                                            absl::string_view,
                                            int) const override {
    return Unasked();
  }
  absl::Status ForEachUpload(const VisitUpload&) const override {
    return Unasked();
  }
  absl::Status ForEach(const Visit&) const override { return Unasked(); }
  absl::StatusOr<v1::Case> Get(absl::string_view) const override {
    return Unasked();
  }
  absl::StatusOr<Page> List(v1::Case::State, const v1::QueueFilter&,
                            const std::vector<std::string>&, absl::string_view,
                            int) const override {
    return Unasked();
  }
  absl::StatusOr<std::vector<v1::CaseEvent>> Events(
      uint64_t, int, absl::Duration) const override {
    return Unasked();
  }
  absl::StatusOr<v1::StatsReply> Stats() const override { return Unasked(); }
  absl::StatusOr<int64_t> Purge(absl::Time) override { return Unasked(); }

  absl::Status answer;
  std::vector<std::string> calls;

 private:
  void Write(const std::string& call, absl::string_view token) {
    calls.push_back(call + " " + std::string(token));
  }
  static absl::Status Unasked() {
    ADD_FAILURE() << "a lease has no business with this";
    return absl::UnimplementedError("unasked");
  }
};

class LeaseTest : public testing::Test {
 protected:
  Lease Make(const std::string& token) {
    v1::Case leased;
    leased.set_case_id("case of " + token);
    return Lease(&queue_, leased, token);
  }

  RecordingQueue queue_;
};

TEST_F(LeaseTest, CanBeMovedAndNotCopied) {
  EXPECT_TRUE(std::is_nothrow_move_constructible_v<Lease>);
  EXPECT_TRUE(std::is_nothrow_move_assignable_v<Lease>);
  EXPECT_FALSE(std::is_copy_constructible_v<Lease>);
  EXPECT_FALSE(std::is_copy_assignable_v<Lease>);
}

TEST_F(LeaseTest, GivesTheCaseBackWhenDestroyed) {
  {
    const Lease lease = Make("a");
    EXPECT_EQ(lease.leased().case_id(), "case of a");
    EXPECT_THAT(queue_.calls, IsEmpty());
  }
  EXPECT_THAT(queue_.calls, ElementsAre("release a"));
}

TEST_F(LeaseTest, IsInertOnceMovedFrom) {
  Lease lease = Make("a");
  {
    const Lease moved = std::move(lease);
    EXPECT_EQ(moved.leased().case_id(), "case of a");
    EXPECT_TRUE(absl::IsAborted(lease.Extend(absl::Seconds(1))));
    EXPECT_TRUE(absl::IsAborted(std::move(lease).Release()));
    EXPECT_TRUE(absl::IsAborted(
        std::move(lease).Decide(v1::Decision::OUTCOME_KEEP, "").status()));
    EXPECT_THAT(queue_.calls, IsEmpty());
  }
  EXPECT_THAT(queue_.calls, ElementsAre("release a"));
}

TEST_F(LeaseTest, GivesItsCaseBackWhenItTakesAnother) {
  {
    Lease lease = Make("a");
    lease = Make("b");
    EXPECT_THAT(queue_.calls, ElementsAre("release a"));
    EXPECT_EQ(lease.leased().case_id(), "case of b");
  }
  EXPECT_THAT(queue_.calls, ElementsAre("release a", "release b"));
}

TEST_F(LeaseTest, SurvivesBeingGivenToItself) {
  Lease lease = Make("a");
  Lease& same = lease;
  lease = std::move(same);
  EXPECT_THAT(queue_.calls, IsEmpty());
  EXPECT_TRUE(lease.Extend(absl::Seconds(1)).ok());
}

TEST_F(LeaseTest, IsOverOnceDecided) {
  {
    Lease lease = Make("a");
    const auto decided =
        std::move(lease).Decide(v1::Decision::OUTCOME_REMOVE, "seen");
    ASSERT_TRUE(decided.ok()) << decided.status();
    EXPECT_EQ(decided->decisions(0).note(), "seen");
  }
  EXPECT_THAT(queue_.calls, ElementsAre("decide a"));
}

TEST_F(LeaseTest, IsOverOnceItWasLost) {
  queue_.answer = absl::AbortedError("lost");
  {
    Lease decided = Make("a");
    EXPECT_TRUE(absl::IsAborted(
        std::move(decided).Decide(v1::Decision::OUTCOME_KEEP, "").status()));
    Lease released = Make("b");
    EXPECT_TRUE(absl::IsAborted(std::move(released).Release()));
  }
  EXPECT_THAT(queue_.calls, ElementsAre("decide a", "release b"));
}

TEST_F(LeaseTest, IsStillHeldAfterADecisionThatFailed) {
  queue_.answer = absl::ResourceExhaustedError("the disk is full");
  {
    Lease lease = Make("a");
    EXPECT_FALSE(std::move(lease).Decide(v1::Decision::OUTCOME_KEEP, "").ok());
    queue_.answer = absl::OkStatus();
  }
  EXPECT_THAT(queue_.calls, ElementsAre("decide a", "release a"));
}

TEST_F(LeaseTest, KnowsItsNewEndOnceExtended) {
  Lease lease = Make("a");
  ASSERT_TRUE(lease.Extend(absl::Seconds(7)).ok());
  EXPECT_EQ(lease.leased().lease_end().seconds(), 107);
  queue_.answer = absl::AbortedError("lost");
  EXPECT_TRUE(absl::IsAborted(lease.Extend(absl::Seconds(9))));
  EXPECT_EQ(lease.leased().lease_end().seconds(), 107);
}

TEST_F(LeaseTest, LeavesTheCaseToWhoGetsTheToken) {
  {
    Lease lease = Make("a");
    EXPECT_EQ(std::move(lease).Detach(), "a");
  }
  EXPECT_THAT(queue_.calls, IsEmpty());
}

}  // namespace
}  // namespace lenscap
