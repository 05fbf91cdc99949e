#include "services/redecision.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

class RedecisionTest : public testing::Test {
 protected:
  void Publish(const std::string& entry) {
    Clip clip;
    clip.list_id = "list";
    clip.entry_id = entry;
    clip.duration = absl::Seconds(1);
    clip.sha256 = Sha256Of(entry);
    ASSERT_TRUE(rooms_.clips->CreateList("list", "a hotline").ok());
    ASSERT_TRUE(rooms_.clips->Publish(clip).ok());
  }
  std::string Submit(const std::string& entry) {
    v1::Case opened;
    opened.set_content_id(entry);
    v1::ClipMatch& match = *opened.mutable_report()->add_matches();
    match.set_list_id("list");
    match.set_entry_id(entry);
    match.set_kind(v1::ClipMatch::KIND_FRAMES);
    return *rooms_.cases->Submit(opened);
  }

  Rooms rooms_;
  Redecision redecision_{rooms_.cases.get(), rooms_.clips.get(), &rooms_.clock};
};

TEST_F(RedecisionTest, AWithdrawnEntryMarksItsCasesWithTheListsReason) {
  // Ids of which one begins with the other, and neighbours in order.
  for (const char* entry : {"e", "e1", "e1.a", "e2"}) Publish(entry);
  const std::string id = Submit("e1");
  const std::string other = Submit("e1.a");
  EXPECT_EQ(redecision_.RunIfDue()->marked, 0);
  ASSERT_TRUE(rooms_.clips->Withdraw("list", {"e1"}, "wrong clip").ok());
  EXPECT_EQ(redecision_.RunIfDue()->marked, 1);
  const auto marked = rooms_.cases->Get(id);
  ASSERT_EQ(marked->withdrawn_basis_size(), 1);
  EXPECT_EQ(marked->withdrawn_basis(0).reason(), "wrong clip");
  EXPECT_EQ(rooms_.cases->Get(other)->withdrawn_basis_size(), 0);
}

TEST_F(RedecisionTest, AHeldEntryCountsAsWithdrawnUntilItIsReleased) {
  Publish("e1");
  const std::string id = Submit("e1");
  ASSERT_TRUE(
      rooms_.clips->HoldEntries("list", {"e1"}, "a logo", "admin:bob").ok());
  EXPECT_EQ(redecision_.RunIfDue()->marked, 1);
  EXPECT_EQ(rooms_.cases->Get(id)->withdrawn_basis(0).reason(), "a logo");
  ASSERT_TRUE(
      rooms_.clips->ReleaseEntries("list", {"e1"}, "no logo", "admin:bob")
          .ok());
  EXPECT_EQ(redecision_.RunIfDue()->marked, 1);
  EXPECT_EQ(rooms_.cases->Get(id)->withdrawn_basis_size(), 0);
}

TEST_F(RedecisionTest, CasesAreLookedAtWhenAListChangesAndOnceAnHour) {
  Publish("e1");
  Submit("e1");
  EXPECT_EQ(redecision_.RunIfDue()->cases, 1);
  EXPECT_EQ(redecision_.RunIfDue()->cases, 0);
  Publish("e2");
  EXPECT_EQ(redecision_.RunIfDue()->cases, 1);
  // Scanned while the list changed, and submitted after.
  const std::string id = Submit("gone");
  EXPECT_EQ(redecision_.RunIfDue()->cases, 0);
  rooms_.clock.Advance(absl::Hours(1));
  EXPECT_EQ(redecision_.RunIfDue()->marked, 1);
  EXPECT_EQ(rooms_.cases->Get(id)->withdrawn_basis(0).reason(),
            "no longer in the list");
}

}  // namespace
}  // namespace lenscap
