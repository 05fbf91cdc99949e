#include "services/scan_lines.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap {
namespace {

class ScanLinesTest : public testing::Test {
 protected:
  void Add(const std::string& id, const std::string& tenant) {
    const auto account = tenants_.Get(tenant);
    lines_.Add({id, account, account->StayWaiting()});
  }
  std::string First(const std::string& tenant) {
    const auto scan = lines_.TakeFirst(tenant);
    return scan ? scan->id : "";
  }
  Tenants tenants_{{.limits = {.waiting_scans = 2}}};
  ScanLines lines_;
};

TEST_F(ScanLinesTest, EachTenantHasALineOfItsOwn) {
  for (const char* id : {"1", "2", "3"}) Add(id, "a");
  Add("4", "b");
  EXPECT_EQ(First("b"), "4");
  EXPECT_EQ(First("b"), "");
  EXPECT_EQ(First("a"), "1");
  EXPECT_EQ(First("a"), "2");
  EXPECT_EQ(First("nobody"), "");
}

TEST_F(ScanLinesTest, AScanIsTakenFromTheMiddleByItsId) {
  for (const char* id : {"1", "2", "3"}) Add(id, "a");
  EXPECT_EQ(lines_.Take("2")->id, "2");
  EXPECT_FALSE(lines_.Take("2").has_value());
  EXPECT_EQ(First("a"), "1");
  EXPECT_EQ(First("a"), "3");
  EXPECT_FALSE(lines_.Take("1").has_value());
}

TEST_F(ScanLinesTest, OnlyTenantsOfWhomSomethingWaitsAreNamed) {
  Add("1", "a");
  Add("2", "b");
  EXPECT_EQ(lines_.Tenants().size(), 2);
  EXPECT_TRUE(lines_.Waits("a"));
  First("a");
  EXPECT_FALSE(lines_.Waits("a"));
  EXPECT_THAT(lines_.Tenants(), testing::ElementsAre(tenants_.Get("b")));
}

TEST_F(ScanLinesTest, AScanTakesItsPlaceWithIt) {
  Add("1", "a");
  Add("2", "a");
  EXPECT_FALSE(tenants_.Get("a")->EnterWaiting().ok());
  First("a");
  EXPECT_TRUE(tenants_.Get("a")->EnterWaiting().ok());
}

}  // namespace
}  // namespace lenscap
