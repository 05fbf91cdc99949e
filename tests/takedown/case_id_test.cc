#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "takedown/queue.h"

namespace lenscap {
namespace {

// Computed with Python: the first 130 bits of hashlib.sha256, five at a time,
// in Crockford's digits.
TEST(CaseIdTest, KnownAnswers) {
  EXPECT_EQ(TakedownQueue::CaseId(""), "case-WERC8GMRZGE196QVYK49JVXS4G");
  EXPECT_EQ(TakedownQueue::CaseId("abc"), "case-Q9W1DFWF077YMGA183F5VBH24E");
  EXPECT_EQ(TakedownQueue::CaseId("upload-1"),
            "case-KSCH52CS8GZWT81AVYFBCD4NBJ");
}

TEST(CaseIdTest, HasThirtyOneCharactersWithoutLookAlikes) {
  for (int i = 0; i < 1000; ++i) {
    const std::string id = TakedownQueue::CaseId(absl::StrCat(i));
    EXPECT_EQ(id.size(), 31);
    EXPECT_EQ(id.rfind("case-", 0), 0);
    EXPECT_EQ(id.find_first_of("ILOU"), std::string::npos);
    EXPECT_EQ(
        id.substr(5).find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
        std::string::npos);
  }
}

TEST(CaseIdTest, OtherContentHasAnotherId) {
  std::set<std::string> ids;
  for (int i = 0; i < 10'000; ++i) {
    ids.insert(TakedownQueue::CaseId(absl::StrCat(i)));
  }
  EXPECT_EQ(ids.size(), 10'000);
  EXPECT_NE(TakedownQueue::CaseId("a"), TakedownQueue::CaseId("A"));
  EXPECT_EQ(TakedownQueue::CaseId("a"), TakedownQueue::CaseId("a"));
}

}  // namespace
}  // namespace lenscap
