#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lenscapd_process.h"
#include "tests/media/decoder_programs.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/support/http_client.h"
#include "tests/support/http_get.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;

class LenscapdTest : public testing::Test {
 protected:
  std::unique_ptr<LenscapdProcess> Start(std::vector<std::string> flags = {},
                                         int64_t max_file_bytes = 0) {
    return LenscapdProcess::Start({.data_directory = data_,
                                   .flags = std::move(flags),
                                   .max_file_bytes = max_file_bytes});
  }
  bool SpoolIsEmpty() { return std::filesystem::is_empty(data_ + "/spool"); }

  const std::string data_ = MakeTempDirectory() + "/data";
};

TEST_F(LenscapdTest, ItServesUntilItIsToldToStop) {
  const auto lenscapd = Start();
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  ASSERT_TRUE(PublishFootage(channel, "list", "entry", KnownClip()).ok());
  const auto report = ScanBytes(channel, DisguisedExcerpt());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_BLOCK);
  EXPECT_THAT(report->cues().unavailable(), HasSubstr("--models"));
  EXPECT_EQ(lenscapd->Stop(SIGTERM), 0);
  EXPECT_THAT(lenscapd->Log(), HasSubstr(" INFO stopped"));
}

TEST_F(LenscapdTest, ItServesItsPagesAndCallsOverHttpUntilItStops) {
  const auto lenscapd = Start({"--web_address=127.0.0.1:0"});
  ASSERT_NE(lenscapd, nullptr);
  const std::string url = "web_listening url=\"http://127.0.0.1:";
  const std::string log = lenscapd->Log();
  const size_t at = log.find(url);
  ASSERT_NE(at, std::string::npos) << log;
  const int port = atoi(log.c_str() + at + url.size());
  EXPECT_EQ(Ask(port, {.path = "/healthz"}).body, "ok\n");
  HttpConnection stream(port);
  const std::string told = Ask(port, {.path = "/session"}).body;
  const std::string name = "\"csrfToken\":\"";
  stream.Send(RequestText(
      {.path = "/v1/TakedownService/Watch",
       .headers = {"Content-Type: application/json",
                   absl::StrCat("X-Lenscap-Csrf: ",
                                told.substr(told.find(name) + name.size(), 43))},
       .body = "{}"}));
  EXPECT_EQ(stream.ReadHead().status, 200);
  EXPECT_EQ(lenscapd->Stop(SIGTERM), 0);
  EXPECT_THAT(stream.ReadChunk(), HasSubstr("UNAVAILABLE"));
}

TEST_F(LenscapdTest, ItScoresCuesWithItsModel) {
  const auto lenscapd = Start({"--models=models/weights"});
  ASSERT_NE(lenscapd, nullptr);
  const auto report = ScanBytes(lenscapd->Connect(), KnownClip());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->cues().unavailable(), "");
  EXPECT_NE(report->cues().model_version(), "");
  EXPECT_GT(report->cues().cues_size(), 0);
}

// The folder of the version that is shipped.
std::filesystem::path ShippedModel() {
  for (const auto& entry :
       std::filesystem::directory_iterator("models/weights")) {
    if (entry.is_directory()) return entry.path();
  }
  return {};
}

TEST_F(LenscapdTest, ANewerModelIsTakenUpWhileItRunsAndADamagedOneIsNot) {
  const std::filesystem::path models = MakeTempDirectory();
  std::filesystem::copy(ShippedModel(), models / "1");
  const auto lenscapd =
      Start({"--models=" + models.string(), "--shadow_models=models/weights",
             "--models_refresh=1s"});
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  const auto version = [&](v1::CueReport (*part)(const v1::ScanReport&)) {
    const auto report = ScanBytes(channel, UnrelatedVideo());
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? part(*report).model_version() : "";
  };
  const auto cues = [](const v1::ScanReport& report) { return report.cues(); };
  const auto shadow = [](const v1::ScanReport& report) {
    return report.shadow_cues();
  };
  EXPECT_EQ(version(cues), "1");
  EXPECT_EQ(version(shadow), ShippedModel().filename());

  // Made beside and renamed, so that no half of it is ever seen.
  std::filesystem::copy(ShippedModel(), models / "new");
  std::filesystem::rename(models / "new", models / "2");
  int scans = 0;
  while (version(cues) != "2" && ++scans < 200) {
  }
  EXPECT_LT(scans, 200);

  std::filesystem::create_directory(models / "3");
  while (lenscapd->Log().find("model_refused") == std::string::npos &&
         ++scans < 400) {
    EXPECT_EQ(version(cues), "2");
  }
  EXPECT_THAT(lenscapd->Log(), HasSubstr("ERROR model_refused"));
}

TEST_F(LenscapdTest, AMissingModelCostsTheCuesAlone) {
  const auto lenscapd = Start({"--models=/no/such/folder"});
  ASSERT_NE(lenscapd, nullptr);
  EXPECT_THAT(lenscapd->Log(), HasSubstr("WARNING no_cues"));
  const auto report = ScanBytes(lenscapd->Connect(), UnrelatedVideo());
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->cues().unavailable(), HasSubstr("/no/such/folder"));
}

TEST_F(LenscapdTest, ASecondServerOnTheSameDirectoryIsRefused) {
  const auto lenscapd = Start();
  ASSERT_NE(lenscapd, nullptr);
  const LenscapdProcess::Ended second = LenscapdProcess::Run(
      {"--data_directory=" + data_, "--listen=127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_EQ(second.output, "");
  EXPECT_THAT(second.log, HasSubstr(data_ + " is in use"));
  EXPECT_TRUE(ScanBytes(lenscapd->Connect(), "x").ok()) << "the first goes on";
}

TEST_F(LenscapdTest, WhatWasAcceptedIsDoneAfterARestart) {
  auto lenscapd = Start({"--shutdown_grace=0", "--scan_workers=1"});
  ASSERT_NE(lenscapd, nullptr);
  auto channel = lenscapd->Connect();
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    const auto id = SubmitBytes(channel, LongVideo());
    ASSERT_TRUE(id.ok()) << id.status();
    ids.push_back(*id);
  }
  EXPECT_EQ(lenscapd->Stop(SIGTERM), 0);
  EXPECT_FALSE(SpoolIsEmpty());
  lenscapd = Start();
  ASSERT_NE(lenscapd, nullptr);
  channel = lenscapd->Connect();
  for (const std::string& id : ids) {
    const auto statuses = WatchScan(channel, id);
    ASSERT_TRUE(statuses.ok()) << statuses.status();
    EXPECT_EQ(statuses->back().state(), v1::ScanStatus::STATE_DONE);
    EXPECT_EQ(statuses->back().attempts(), 1);
  }
  EXPECT_TRUE(SpoolIsEmpty());
}

TEST_F(LenscapdTest, TenantsHaveTheLimitsThatItsFlagsSay) {
  const auto lenscapd =
      Start({"--tenant_bytes_per_hour=1000", "--tenant_uploads=2",
             "--tenant_running_scans=1", "--tenant_waiting_scans=3"});
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  const auto scan = [&](const std::string& tenant) {
    v1::UploadHeader header;
    header.set_tenant(tenant);
    return Scan(channel,
                MessagesOf<v1::UploadRequest>(header, std::string(1000, 'x')))
        .status();
  };
  EXPECT_TRUE(scan("shop").ok());
  const absl::Status refused = scan("shop");
  EXPECT_TRUE(absl::IsResourceExhausted(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("tenant \"shop\" may upload 1000 bytes an hour"));
  EXPECT_TRUE(scan("").ok());
  EXPECT_TRUE(scan("forum").ok());
}

TEST_F(LenscapdTest, WhatRunsIsFinishedWithinTheGrace) {
  auto lenscapd = Start({"--shutdown_grace=1h"});
  ASSERT_NE(lenscapd, nullptr);
  const auto context = NewContext();
  const auto stream =
      v1::ScanService::NewStub(lenscapd->Connect())->Scan(context.get());
  for (const auto& message :
       MessagesOf<v1::UploadRequest>(v1::UploadHeader(), LongVideo())) {
    ASSERT_TRUE(stream->Write(message));
  }
  v1::ScanEvent event;
  ASSERT_TRUE(stream->Read(&event));
  stream->WritesDone();
  EXPECT_EQ(lenscapd->Stop(SIGINT), 0);
  while (stream->Read(&event)) {
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(event.report().verdict().action(), v1::ACTION_ALLOW);
}

TEST_F(LenscapdTest, BadFlagsAreRefusedByTheirNames) {
  const std::string data = "--data_directory=" + data_;
  const std::string bad_policy =
      WriteTempFile("policy.textproto", "version: \"1\"\nnonsense: 3\n");
  const std::string bad_model = MakeTempDirectory();
  std::filesystem::create_directory(bad_model + "/1");
  std::filesystem::copy(bad_policy, bad_model + "/1/model.pt");
  const struct {
    std::vector<std::string> flags;
    std::string message;
  } kCases[] = {
      {{}, "--data_directory: expected a path"},
      {{data, "--listen=0.0.0.0:7300"}, "--insecure_public"},
      {{data, "--listen=nonsense"}, "--listen: expected HOST:PORT"},
      {{data, "--metrics_address=0.0.0.0:1"}, "--metrics_address: "},
      {{data, "--roles=scan,cook"}, "--roles: expected any of"},
      {{data, "--policy=" + bad_policy}, "line 2"},
      {{data, "--models=" + bad_model}, "--models: "},
      {{data, "--media_root=/no/such/folder"}, "/no/such/folder"},
      {{data, "--scan_workers=-1"}, "--scan_workers: expected 0 to"},
      {{data, "--scan_attempts=0"}, "--scan_attempts: expected 1 to"},
      {{data, "--scan_deadline=0"}, "--scan_deadline: expected 1s to"},
      {{data, "--tenant_uploads=-1"}, "--tenant_uploads: expected 0 to"},
      {{data, "--tenant_running_scans=-1"},
       "--tenant_running_scans: expected 0 to"},
      {{data, "--tenant_waiting_scans=-1"},
       "--tenant_waiting_scans: expected 0 to"},
      {{data, "--tenant_bytes_per_hour=-1"},
       "--tenant_bytes_per_hour: expected 0 to"},
      {{data, "--tenant_decode_per_hour=-1s"},
       "--tenant_decode_per_hour: expected 0 to"},
      {{data, "--max_waiting_scans=-1"}, "--max_waiting_scans: expected 0 to"},
      {{data, "--max_spool_bytes=-1"}, "--max_spool_bytes: expected 0 to"},
      {{data, "--shutdown_grace=-1s"}, "--shutdown_grace: expected 0 to"},
      {{data, "serve"}, "unexpected argument \"serve\""},
  };
  for (const auto& test : kCases) {
    const LenscapdProcess::Ended ended = LenscapdProcess::Run(test.flags);
    EXPECT_EQ(ended.exit_code, 2) << test.message << ": " << ended.log;
    EXPECT_THAT(ended.log, HasSubstr(test.message));
    EXPECT_FALSE(std::filesystem::exists(data_ + "/index")) << test.message;
  }
  EXPECT_NE(LenscapdProcess::Run({"--no_such_flag"}).exit_code, 0);
}

TEST_F(LenscapdTest, AnAddressThatCannotBeHadIsNamed) {
  const auto lenscapd = Start();
  ASSERT_NE(lenscapd, nullptr);
  const LenscapdProcess::Ended ended = LenscapdProcess::Run(
      {"--data_directory=" + data_ + "-2", "--listen=" + lenscapd->address()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.log, HasSubstr("cannot listen on " + lenscapd->address()));
}

TEST_F(LenscapdTest, TheBuiltInPolicyIsPrintedAndTakenBack) {
  const LenscapdProcess::Ended printed =
      LenscapdProcess::Run({"--print_default_policy"});
  EXPECT_EQ(printed.exit_code, 0);
  EXPECT_THAT(printed.output, HasSubstr("match_rules"));
  const auto lenscapd =
      Start({"--policy=" + WriteTempFile("policy.textproto", printed.output)});
  EXPECT_NE(lenscapd, nullptr);
}

TEST_F(LenscapdTest, WhatIsNoVideoIsUnreadableForAReason) {
  const auto lenscapd = Start();
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  std::string noise(100'000, '\0');
  for (size_t i = 0; i < noise.size(); ++i) {
    noise[i] = static_cast<char>((i * i * 2654435761u) >> 13);
  }
  for (const std::string& file :
       {std::string(), noise, KnownClip().substr(0, 64), SoundOnly()}) {
    const auto report = ScanBytes(channel, file);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->verdict().action(), v1::ACTION_UNREADABLE)
        << report->DebugString();
    EXPECT_NE(report->verdict().reasons(0), "");
  }
  const auto truncated = ScanBytes(channel, TruncatedVideo());
  ASSERT_TRUE(truncated.ok()) << truncated.status();
  EXPECT_TRUE(truncated->media().truncated());
  EXPECT_EQ(truncated->verdict().action(), v1::ACTION_ALLOW);
}

#ifndef LENSCAP_SANITIZER  // With one there is no jail to break out of.
TEST_F(LenscapdTest, WithoutAJailForTheDecoderItRefusesToStart) {
  for (const char* program : {"/bin/true", "/no/such/decoder"}) {
    const LenscapdProcess::Ended ended = LenscapdProcess::Run(
        {"--data_directory=" + data_, "--listen=127.0.0.1:0",
         absl::StrCat("--decoder=", program)});
    EXPECT_EQ(ended.exit_code, 1);
    EXPECT_EQ(ended.output, "");
    EXPECT_THAT(ended.log, HasSubstr(program));
    EXPECT_THAT(ended.log, HasSubstr("--unjailed_decoder"));
  }
}

TEST_F(LenscapdTest, AFileThatTakesTheDecoderOverIsAVerdict) {
  const auto lenscapd = Start({"--decoder=" + RogueDecoderProgram()});
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  for (const char* deed : {"segfault", "socket", "exec", "short"}) {
    const auto report = ScanBytes(channel, deed);
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->verdict().action(), v1::ACTION_UNREADABLE);
    EXPECT_THAT(report->verdict().reasons(0), HasSubstr("decoder")) << deed;
  }
  EXPECT_EQ(lenscapd->Stop(SIGTERM), 0);
}
#endif

TEST_F(LenscapdTest, AFullDiskIsAClearErrorAndNothingIsHalfWritten) {
  constexpr int64_t kLimit = 1 << 20;
  ASSERT_GT(KnownClip().size(), kLimit);
  ASSERT_LT(UnrelatedVideo().size(), kLimit);
  const auto lenscapd = Start({}, kLimit);
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  const absl::Status failures[] = {
      ScanBytes(channel, KnownClip()).status(),
      SubmitBytes(channel, KnownClip()).status(),
      PublishFootage(channel, "list", "entry", KnownClip()).status()};
  for (const absl::Status& status : failures) {
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(data_ + "/spool/"));
    EXPECT_THAT(std::string(status.message()), HasSubstr("free some space"));
  }
  EXPECT_TRUE(SpoolIsEmpty());
  const auto lists =
      Call(v1::HashListService::NewStub(channel).get(),
           &v1::HashListService::Stub::ListLists, v1::ListListsRequest());
  ASSERT_TRUE(lists.ok()) << lists.status();
  EXPECT_EQ(lists->lists_size(), 0);
  EXPECT_TRUE(ScanBytes(channel, UnrelatedVideo()).ok()) << "what fits goes on";
  EXPECT_EQ(lenscapd->Stop(SIGTERM), 0);
}

TEST_F(LenscapdTest, FilesAreScannedByNameBelowTheMediaRoot) {
  const std::string file = WriteTempFile("clip.mp4", UnrelatedVideo());
  const std::string root = std::filesystem::path(file).parent_path();
  const auto lenscapd = Start({"--media_root=" + root});
  ASSERT_NE(lenscapd, nullptr);
  const auto channel = lenscapd->Connect();
  v1::UploadHeader header;
  header.set_uri("file:" + file);
  const auto id = Submit(channel, MessagesOf<v1::UploadRequest>(header, ""));
  ASSERT_TRUE(id.ok()) << id.status();
  const auto statuses = WatchScan(channel, *id);
  ASSERT_TRUE(statuses.ok()) << statuses.status();
  EXPECT_EQ(statuses->back().report().verdict().action(), v1::ACTION_ALLOW);
  header.set_uri("file:/etc/passwd");
  EXPECT_TRUE(absl::IsPermissionDenied(
      Submit(channel, MessagesOf<v1::UploadRequest>(header, "")).status()));
}

TEST_F(LenscapdTest, MetricsAreServedWhereTheyAreAskedFor) {
  const auto lenscapd = Start({"--metrics_address=127.0.0.1:0"});
  ASSERT_NE(lenscapd, nullptr);
  ASSERT_TRUE(ScanBytes(lenscapd->Connect(), UnrelatedVideo()).ok());
  const std::string log = lenscapd->Log();
  const std::string before = "metrics_listening host=\"127.0.0.1\" port=\"";
  ASSERT_THAT(log, HasSubstr(before));
  const int port = std::stoi(log.substr(log.find(before) + before.size()));
  const std::string metrics = HttpGet(port, "/metrics");
  EXPECT_THAT(metrics, HasSubstr("lenscap_scans_total{verdict=\"allow\"} 1"));
  EXPECT_THAT(metrics, HasSubstr("lenscap_items{kind=\"cases_waiting\"} 0"));
}

}  // namespace
}  // namespace lenscap
