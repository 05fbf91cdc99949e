// The commands against servers that do not keep to the rules, break down, or
// are of another mind: a client of another machine's server trusts nothing.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/evidence.grpc.pb.h"
#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "proto/lenscap/v1/scan.grpc.pb.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/export_command.h"
#include "services/cli/list_command.h"
#include "services/cli/publish_command.h"
#include "services/cli/queue_command.h"
#include "services/cli/scan_client.h"
#include "services/cli/scan_command.h"
#include "services/cli/upload_file.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using UploadStream = grpc::ServerReaderWriter<v1::ScanEvent, v1::UploadRequest>;

// Scans as the test says.
class ScriptedScans final : public v1::ScanService::Service {
 public:
  std::function<grpc::Status(UploadStream&)> scan;

 private:
  grpc::Status Scan(grpc::ServerContext*, UploadStream* stream) override {
    return scan(*stream);
  }
};

// Lists as the test says.
class ScriptedLists final : public v1::HashListService::Service {
 public:
  std::vector<v1::ExportedEntry> exported;
  grpc::Status export_status;
  std::function<grpc::Status(grpc::ServerReader<v1::PublishRequest>&)> publish;

 private:
  grpc::Status ListLists(grpc::ServerContext*, const v1::ListListsRequest*,
                         v1::ListListsReply* reply) override {
    reply->add_lists()->set_entries(1);
    return grpc::Status::OK;
  }
  grpc::Status Export(grpc::ServerContext*, const v1::ExportRequest*,
                      grpc::ServerWriter<v1::ExportedEntry>* writer) override {
    for (const v1::ExportedEntry& entry : exported) writer->Write(entry);
    return export_status;
  }
  grpc::Status Publish(grpc::ServerContext*,
                       grpc::ServerReader<v1::PublishRequest>* reader,
                       v1::PublishReply*) override {
    return publish(*reader);
  }
};

// A queue with one case.
class ScriptedCases final : public v1::TakedownService::Service {
 public:
  v1::Case opened;

 private:
  grpc::Status GetCase(grpc::ServerContext*, const v1::GetCaseRequest*,
                       v1::Case* reply) override {
    *reply = opened;
    return grpc::Status::OK;
  }
};

// The same stills of each case.
class ScriptedEvidence final : public v1::EvidenceService::Service {
 public:
  v1::ListStillsReply listed;

 private:
  grpc::Status ListStills(grpc::ServerContext*, const v1::ListStillsRequest*,
                          v1::ListStillsReply* reply) override {
    *reply = listed;
    return grpc::Status::OK;
  }
};

v1::ScanEvent ReportEvent(v1::Action action) {
  v1::ScanEvent event;
  event.mutable_report()->mutable_verdict()->set_action(action);
  return event;
}

class StrangeServerTest : public testing::Test {
 protected:
  StrangeServerTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&scans_);
    builder.RegisterService(&lists_);
    builder.RegisterService(&cases_);
    builder.RegisterService(&evidence_);
    server_ = builder.BuildAndStart();
    endpoint_.server = "127.0.0.1:" + std::to_string(port);
  }
  ~StrangeServerTest() override { server_->Shutdown(); }

  absl::StatusOr<v1::ScanReport> Scan(const std::string& path) {
    const auto connection = Connection::Open(endpoint_, {});
    if (!connection.ok()) return connection.status();
    return ScanOneFile(**connection, path, {},
                       [this](double share) { shares_.push_back(share); });
  }

  // What the command prints, with its exit code first.
  template <typename Options>
  std::string Output(const Options& options) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const auto code = static_cast<int>(cli::Run(options));
    const std::string out = testing::internal::GetCapturedStdout();
    return std::to_string(code) + "\n" + out +
           testing::internal::GetCapturedStderr();
  }

  ScriptedScans scans_;
  ScriptedLists lists_;
  ScriptedCases cases_;
  ScriptedEvidence evidence_;
  std::unique_ptr<grpc::Server> server_;
  Endpoint endpoint_;
  std::vector<double> shares_;
  const std::string small_ = WriteTempFile("small.mp4", "0123456789");
  // Far more than fits into the buffers on the way.
  const std::string large_ =
      WriteTempFile("large.mp4", std::string(32 << 20, 'x'));
};

TEST_F(StrangeServerTest, TheUploadIsAHeaderAndCheckedChunks) {
  std::string received;
  v1::UploadHeader header;
  scans_.scan = [&](UploadStream& stream) {
    v1::UploadRequest request;
    while (stream.Read(&request)) {
      if (request.has_header()) header = request.header();
      received += request.chunk().data();
    }
    stream.Write(ReportEvent(v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  const auto report = Scan(small_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(received, "0123456789");
  EXPECT_EQ(header.total_bytes(), 10);
  EXPECT_EQ(header.sha256(), ToBytes(Sha256Of("0123456789")));
  EXPECT_EQ(report->file(), small_);
}

TEST_F(StrangeServerTest, ProgressIsTheMeanOfSentAndDecoded) {
  scans_.scan = [&](UploadStream& stream) {
    v1::ScanEvent event;
    const auto progress = [&](int bytes, int decoded, int duration) {
      event.mutable_progress()->set_bytes_received(bytes);
      event.mutable_progress()->mutable_decoded()->set_seconds(decoded);
      event.mutable_progress()->mutable_duration()->set_seconds(duration);
      stream.Write(event);
    };
    progress(5, 0, 0);    // Nothing is known of the video yet.
    progress(10, 0, 20);  // All is sent.
    progress(10, 10, 20);
    progress(99, 99, 20);  // More than there is.
    stream.Write(ReportEvent(v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  ASSERT_TRUE(Scan(small_).ok());
  EXPECT_THAT(shares_, ElementsAre(0.25, 0.5, 0.75, 1.0));
}

TEST_F(StrangeServerTest, AServerThatHangsUpEarlyIsHeard) {
  scans_.scan = [&](UploadStream& stream) {
    v1::UploadRequest request;
    stream.Read(&request);
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                        "header.total_bytes: too large");
  };
  const absl::Status status = Scan(large_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(status.message(), "header.total_bytes: too large");
}

TEST_F(StrangeServerTest, AReportBeforeTheLastChunkIsTaken) {
  scans_.scan = [&](UploadStream& stream) {
    stream.Write(ReportEvent(v1::ACTION_BLOCK));
    return grpc::Status::OK;
  };
  const auto report = Scan(large_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_BLOCK);
}

TEST_F(StrangeServerTest, NoReportIsAnErrorNotAnAllow) {
  scans_.scan = [&](UploadStream& stream) {
    v1::UploadRequest request;
    while (stream.Read(&request)) {
    }
    return grpc::Status::OK;
  };
  EXPECT_EQ(Scan(small_).status().code(), absl::StatusCode::kInternal);
}

TEST_F(StrangeServerTest, AFileThatShrinksIsUnreadableAndTheCallIsCancelled) {
  scans_.scan = [&](UploadStream& stream) {
    v1::UploadRequest request;
    stream.Read(&request);
    fs::resize_file(large_, UploadFile::kChunkBytes);
    while (stream.Read(&request)) {
    }
    // A server that answers all the same is not believed.
    stream.Write(ReportEvent(v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  const auto report = Scan(large_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->verdict().action(), v1::ACTION_UNREADABLE);
  EXPECT_THAT(report->verdict().reasons(0), HasSubstr("became shorter"));
}

TEST_F(StrangeServerTest, AScanGoesOnBehindAFileThatTheServerRefuses) {
  std::atomic<int> calls = 0;
  scans_.scan = [&](UploadStream& stream) {
    if (++calls == 1) {
      return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "not that one");
    }
    stream.Write(ReportEvent(v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  ScanOptions options;
  options.endpoint = endpoint_;
  options.paths = {small_, large_};
  options.jobs = 1;
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("4\n"),
                    HasSubstr("2 files: 0 blocked, 0 to review, 1 allowed, 0 "
                              "unreadable, 1 not scanned."),
                    HasSubstr("small.mp4: not that one")));
}

TEST_F(StrangeServerTest, AScanStopsWhereTheServerIsGone) {
  std::atomic<int> calls = 0;
  scans_.scan = [&](UploadStream&) {
    ++calls;
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going away");
  };
  ScanOptions options;
  options.endpoint = endpoint_;
  options.paths = {small_, small_, small_};
  options.jobs = 1;
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("4\n"), HasSubstr("3 not scanned"),
                    HasSubstr("going away")));
  EXPECT_EQ(calls, 1);
}

// As much of a grey JPEG of 4x4 as says so.
v1::CueReport CuesWithAStill() {
  v1::CueReport cues;
  cues.add_stills()->set_jpeg(
      std::string("\xff\xd8\xff\xc0\0\x0b\x08\0\4\0\4\1\1\x11\0", 15));
  return cues;
}

TEST_F(StrangeServerTest, PagesOfEvidenceAreAskedForAndWritten) {
  std::atomic<int> asked = 0;
  scans_.scan = [&](UploadStream& stream) {
    v1::UploadRequest request;
    stream.Read(&request);
    asked += request.header().stills() ? 1 : 0;
    v1::ScanEvent event = ReportEvent(v1::ACTION_ALLOW);
    // The server has no say in where files go.
    event.mutable_report()->set_file("../../escaped");
    // One of them shows nothing.
    if (request.header().total_bytes() == 10) {
      *event.mutable_report()->mutable_cues() = CuesWithAStill();
    }
    stream.Write(event);
    return grpc::Status::OK;
  };
  ScanOptions options;
  options.endpoint = endpoint_;
  options.paths = {small_, small_, large_};
  options.jobs = 1;
  options.evidence_directory = MakeTempDirectory() + "/pages";
  const std::string page = options.evidence_directory + "/small.mp4";
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("0\n"),
                    HasSubstr(small_ + ": evidence in " + page + ".svg\n" +
                              small_ + ": evidence in " + page + "-2.svg\n\n"),
                    HasSubstr("3 files: 0 blocked")));
  EXPECT_EQ(asked, 3);
  EXPECT_THAT(ReadFileBytes(page + ".svg"), HasSubstr("</svg>"));
  // In JSON, the stills are in the report as well.
  options.json = true;
  EXPECT_THAT(Output(options), HasSubstr("\"stills\":[{"));
  EXPECT_TRUE(fs::exists(page + "-4.svg"));
  options.evidence_directory.clear();
  Output(options);
  EXPECT_EQ(asked, 6);
}

TEST_F(StrangeServerTest, WithoutPicturesThereIsNoPageAndThatIsSaid) {
  scans_.scan = [&](UploadStream& stream) {
    stream.Write(ReportEvent(v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  ScanOptions options;
  options.endpoint = endpoint_;
  options.paths = {small_};
  options.evidence_directory = MakeTempDirectory();
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("0\n"),
                    HasSubstr("no file has pictures to show as evidence\n")));
  EXPECT_TRUE(fs::is_empty(options.evidence_directory));
}

TEST_F(StrangeServerTest, WhereNoPageCanBeWrittenNothingIsScanned) {
  std::atomic<int> calls = 0;
  scans_.scan = [&](UploadStream&) {
    ++calls;
    return grpc::Status::OK;
  };
  ScanOptions options;
  options.endpoint = endpoint_;
  options.paths = {large_};
  options.evidence_directory = small_;
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("4\n"), HasSubstr(small_)));
  EXPECT_EQ(calls, 0);
}

TEST_F(StrangeServerTest, ACasesPageHasTheNameOfTheCase) {
  cases_.opened.set_case_id("../case-1");
  const v1::CueReport cues = CuesWithAStill();
  *cases_.opened.mutable_report()->mutable_cues() = cues;
  evidence_.listed.add_stills()->set_jpeg(cues.stills(0).jpeg());
  ShowCaseOptions options;
  options.endpoint = endpoint_;
  options.case_id = "case-1";
  options.evidence_directory = MakeTempDirectory() + "/pages";
  const std::string page = options.evidence_directory + "/_._case-1.svg";
  EXPECT_THAT(Output(options), AllOf(testing::StartsWith("0\n"),
                                     HasSubstr("  page    " + page + "\n")));
  EXPECT_THAT(ReadFileBytes(page), HasSubstr("</svg>"));
  evidence_.listed.clear_stills();
  EXPECT_THAT(Output(options), AllOf(testing::StartsWith("0\n"),
                                     HasSubstr("the case has no pictures")));
  options.evidence_directory = small_;
  EXPECT_THAT(Output(options), testing::StartsWith("4\n"));
}

TEST_F(StrangeServerTest, PublishHearsAServerThatHangsUpEarly) {
  lists_.publish = [](auto&) {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "list_id: no such list");
  };
  PublishOptions options;
  options.endpoint = endpoint_;
  options.files = {large_};
  options.format = v1::PublishHeader::FORMAT_FOOTAGE;
  options.list_id = "none";
  EXPECT_THAT(Output(options),
              AllOf(testing::StartsWith("4\n"),
                    HasSubstr("large.mp4: list_id: no such list")));
}

v1::ExportedEntry Entry(const std::string& id, int frames) {
  v1::ExportedEntry entry;
  entry.mutable_entry()->set_entry_id(id);
  for (int i = 0; i < frames; ++i) {
    v1::ReferenceFrame& frame = *entry.add_frames();
    frame.set_pdq(std::string(32, static_cast<char>(i)));
    frame.set_quality(100);
  }
  return entry;
}

TEST_F(StrangeServerTest, AnEntryInSeveralMessagesIsPutTogether) {
  lists_.exported = {Entry("a", 2), Entry("a", 3), Entry("b", 1)};
  const std::string directory = MakeTempDirectory() + "/made";
  const ExportOptions options = {endpoint_, "demo", directory, false};
  EXPECT_EQ(Output(options), "0\n2 entries of demo in " + directory + "\n");
  const std::string text = ReadFileBytes(directory + "/a.vpdq");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
}

TEST_F(StrangeServerTest, AnEntryCannotLeadOutOfTheDirectory) {
  const std::string directory = MakeTempDirectory();
  for (const std::string id :
       {"../escaped", "/tmp/escaped", "a/b", "", "a\nb", "\x1b[2J"}) {
    lists_.exported = {Entry(id, 1)};
    const std::string output =
        Output(ExportOptions{endpoint_, "demo", directory + "/inner", false});
    EXPECT_THAT(output, AllOf(testing::StartsWith("4\n"),
                              HasSubstr("an entry id that is none"),
                              Not(HasSubstr("\x1b"))));
  }
  EXPECT_FALSE(fs::exists(directory + "/escaped.vpdq"));
  EXPECT_TRUE(fs::is_empty(directory + "/inner"));
}

TEST_F(StrangeServerTest, AHashThatIsNoneWritesNoFile) {
  v1::ExportedEntry entry = Entry("a", 1);
  entry.mutable_frames(0)->set_pdq("short");
  lists_.exported = {entry};
  const std::string directory = MakeTempDirectory();
  EXPECT_THAT(Output(ExportOptions{endpoint_, "demo", directory, false}),
              testing::StartsWith("4\n"));
  EXPECT_TRUE(fs::is_empty(directory));
}

TEST_F(StrangeServerTest, AnExportThatBreaksOffIsAnError) {
  lists_.exported = {Entry("a", 1)};
  lists_.export_status = grpc::Status(grpc::StatusCode::DATA_LOSS, "damaged");
  EXPECT_THAT(Output(ExportOptions{endpoint_, "demo", "", false}),
              AllOf(testing::StartsWith("4\n"), HasSubstr("damaged")));
}

TEST_F(StrangeServerTest, AServiceThatIsNotOfferedIsAnError) {
  HistoryOptions options;
  options.endpoint = endpoint_;
  options.list_id = "demo";
  EXPECT_THAT(Output(options), testing::StartsWith("4\n"));
}

}  // namespace
}  // namespace lenscap::cli
