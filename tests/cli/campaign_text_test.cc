#include "services/cli/campaign_text.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lenscap::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

v1::CampaignReport SomeReport() {
  v1::CampaignReport report;
  report.set_items_found(5);
  report.set_items_removed(3);
  report.mutable_removal_median()->set_seconds(7200);
  report.mutable_removal_p95()->set_seconds(90000);
  report.set_removed_within_24h(0.5);
  report.set_removed_within_48h(1);
  v1::ListPrecision& list = *report.add_lists();
  list.set_list_id("hotline");
  list.set_issuer("a \"hotline\", of sorts");
  list.set_upheld(3);
  list.set_rejected(1);
  list.set_precision(0.75);
  return report;
}

TEST(CampaignTextTest, FiguresAndListsAreNamed) {
  const std::string text = DescribeCampaign(SomeReport());
  EXPECT_THAT(text, HasSubstr("items_removed         3\n"));
  EXPECT_THAT(text, HasSubstr("median 2h, p95 25h"));
  EXPECT_THAT(text, HasSubstr("50.0 % within 24 h, 100.0 % within 48 h"));
  EXPECT_THAT(text, HasSubstr("0.750"));
  EXPECT_THAT(DescribeCampaign({}), Not(HasSubstr("median")));
}

TEST(CampaignTextTest, ACsvHasARowForEachFigure) {
  const std::string csv = CampaignCsv(SomeReport());
  EXPECT_THAT(csv, HasSubstr("figure,list,issuer,value\r\n"));
  EXPECT_THAT(csv, HasSubstr("items_found,\"\",\"\",5\r\n"));
  EXPECT_THAT(csv, HasSubstr("removal_median_seconds,\"\",\"\",7200.000000"));
  EXPECT_THAT(csv, HasSubstr("precision,\"hotline\",\"a \"\"hotline\"\", of "
                             "sorts\",0.75\r\n"));
  EXPECT_THAT(CampaignCsv({}), HasSubstr("removed_within_24h,\"\",\"\",\r\n"));
}

}  // namespace
}  // namespace lenscap::cli
