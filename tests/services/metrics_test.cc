#include "services/metrics.h"

#include <regex>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "prometheus/text_serializer.h"
#include "services/proto_time.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string TextOf(const Metrics& metrics) {
  return prometheus::TextSerializer().Serialize(metrics.Collect());
}

v1::ScanReport ReportWith(v1::Action action) {
  v1::ScanReport report;
  report.mutable_verdict()->set_action(action);
  *report.mutable_timings()->mutable_decode() =
      ToProto(absl::Milliseconds(500));
  return report;
}

TEST(MetricsTest, ScansAreCountedByVerdict) {
  Metrics metrics;
  metrics.CountScan(ReportWith(v1::ACTION_BLOCK));
  metrics.CountScan(ReportWith(v1::ACTION_BLOCK));
  metrics.CountScan(ReportWith(v1::ACTION_ALLOW));
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("lenscap_scans_total{verdict=\"block\"} 2"));
  EXPECT_THAT(text, HasSubstr("lenscap_scans_total{verdict=\"allow\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("verdict=\"review\"")));
}

TEST(MetricsTest, StagesAreTimed) {
  Metrics metrics;
  metrics.CountScan(ReportWith(v1::ACTION_ALLOW));
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text,
              HasSubstr("lenscap_stage_seconds_sum{stage=\"decode\"} 0.5"));
  EXPECT_THAT(
      text,
      HasSubstr("lenscap_stage_seconds_bucket{stage=\"decode\",le=\"0.3\"} 0"));
  EXPECT_THAT(
      text,
      HasSubstr("lenscap_stage_seconds_bucket{stage=\"decode\",le=\"1\"} 1"));
}

TEST(MetricsTest, UnreadableFilesAreCountedByReason) {
  Metrics metrics;
  metrics.CountUnreadable(absl::InvalidArgumentError("no video"));
  metrics.CountUnreadable(absl::ResourceExhaustedError("too long"));
  metrics.CountUnreadable(absl::ResourceExhaustedError("too large"));
  const std::string text = TextOf(metrics);
  EXPECT_THAT(
      text,
      HasSubstr("lenscap_unreadable_total{reason=\"invalid_argument\"} 1"));
  EXPECT_THAT(
      text,
      HasSubstr("lenscap_unreadable_total{reason=\"resource_exhausted\"} 2"));
}

TEST(MetricsTest, CueFailuresAreCountedFromZero) {
  Metrics metrics;
  EXPECT_THAT(TextOf(metrics), HasSubstr("lenscap_cue_failures_total 0"));
  metrics.CountCueFailure();
  EXPECT_THAT(TextOf(metrics), HasSubstr("lenscap_cue_failures_total 1"));
}

TEST(MetricsTest, RefusalsAreCountedByLimit) {
  Metrics metrics;
  metrics.CountRefusal("tenant_uploads");
  metrics.CountRefusal("tenant_uploads");
  metrics.CountRefusal("busy");
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text,
              HasSubstr("lenscap_refusals_total{limit=\"tenant_uploads\"} 2"));
  EXPECT_THAT(text, HasSubstr("lenscap_refusals_total{limit=\"busy\"} 1"));
}

TEST(MetricsTest, LevelsAreReadWhenTheyAreAskedFor) {
  Metrics metrics;
  EXPECT_THAT(TextOf(metrics), Not(HasSubstr("lenscap_items{")));
  int64_t waiting = 3;
  metrics.SetLevels([&] {
    Metrics::Levels levels;
    levels.scans_waiting = waiting++;
    levels.list_entries = 40;
    return levels;
  });
  EXPECT_THAT(TextOf(metrics),
              HasSubstr("lenscap_items{kind=\"scans_waiting\"} 3"));
  const std::string text = TextOf(metrics);
  EXPECT_THAT(text, HasSubstr("lenscap_items{kind=\"scans_waiting\"} 4"));
  EXPECT_THAT(text, HasSubstr("lenscap_items{kind=\"list_entries\"} 40"));
  metrics.SetLevels(nullptr);
  EXPECT_EQ(waiting, 5);
  TextOf(metrics);
  EXPECT_EQ(waiting, 5);
}

TEST(MetricsTest, QueuesSayWhatWaitsAndWhatIsLate) {
  Metrics metrics;
  Metrics::Levels levels;
  levels.queues[v1::CASE_QUEUE_KNOWN_CLIP] = {.waiting = 5,
                                              .leased = 2,
                                              .due_soon = 3,
                                              .overdue = 1,
                                              .oldest_seconds = 90.5};
  metrics.SetLevels([&] { return levels; });
  const std::string text = TextOf(metrics);
  EXPECT_THAT(
      text,
      HasSubstr("lenscap_queue_oldest_seconds{queue=\"known_clip\"} 90.5"));
  EXPECT_THAT(text, HasSubstr("lenscap_queue_cases{queue=\"known_clip\","
                              "state=\"overdue\"} 1"));
  EXPECT_THAT(text, HasSubstr("lenscap_queue_cases{queue=\"appeal\","
                              "state=\"waiting\"} 0"));
  // A queue that was emptied says so.
  levels.queues.clear();
  EXPECT_THAT(TextOf(metrics),
              HasSubstr("lenscap_queue_oldest_seconds{queue=\"known_clip\"} "
                        "0\n"));
}

TEST(MetricsTest, ClockAlertsAreCounted) {
  Metrics metrics;
  metrics.CountClockAlerts(3);
  metrics.CountClockAlerts(0);
  EXPECT_THAT(TextOf(metrics), HasSubstr("lenscap_clock_alerts_total 3"));
}

// An alert on a metric of another name would never fire.
TEST(MetricsTest, AlertRulesAskForMetricsThatThereAre) {
  Metrics metrics;
  metrics.CountUnreadable(absl::InvalidArgumentError("no video"));
  metrics.SetLevels([] { return Metrics::Levels(); });
  const std::string text = TextOf(metrics);
  const std::string rules = ReadFileBytes("deploy/alerts.yaml");
  const std::regex metric("(lenscap_[a-z_]+)(\\{([a-z]+=\"[a-z_]+\")\\})?");
  int asked = 0;
  for (std::sregex_iterator found(rules.begin(), rules.end(), metric), end;
       found != end; ++found, ++asked) {
    const std::string name = (*found)[1];
    const std::string label = (*found)[3];
    EXPECT_TRUE(std::regex_search(
        text, std::regex("\n" + name + "(\\{[^}]*" + label + "[^}]*\\})? ")))
        << found->str();
  }
  EXPECT_GE(asked, 8);
}

}  // namespace
}  // namespace lenscap
