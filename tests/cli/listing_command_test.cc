// `lenscap listing review` against servers that do as the test says.

#include "services/cli/listing_command.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "proto/lenscap/v1/listing.grpc.pb.h"
#include "services/cli/listing_client.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using ReviewingStream =
    grpc::ServerReaderWriter<v1::ReviewResult, v1::ReviewListingRequest>;

class ScriptedListings final : public v1::ListingService::Service {
 public:
  std::function<grpc::Status(ReviewingStream&)> review;

 private:
  grpc::Status ReviewStream(grpc::ServerContext*,
                            ReviewingStream* stream) override {
    return review(*stream);
  }
};

v1::ReviewResult Answer(const v1::ReviewListingRequest& request,
                        v1::Action action) {
  v1::ReviewResult result;
  result.set_listing_id(request.listing_id());
  result.mutable_report()->set_listing_id(request.listing_id());
  result.mutable_report()->mutable_verdict()->set_action(action);
  return result;
}

class ListingCommandTest : public testing::Test {
 protected:
  ListingCommandTest() {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    options_.endpoint.server = absl::StrCat("127.0.0.1:", port);
    options_.format = ListingFormat::kNdjson;
    // Titles that say so need a person, or are faulty.
    service_.review = [this](ReviewingStream& stream) {
      v1::ReviewListingRequest request;
      while (stream.Read(&request)) {
        requests_.push_back(request);
        v1::ReviewResult result =
            Answer(request, request.title() == "review" ? v1::ACTION_REVIEW
                                                        : v1::ACTION_ALLOW);
        if (request.title() == "faulty") {
          result.mutable_error()->set_code(3);
          result.mutable_error()->set_message("title: it is faulty");
        }
        stream.Write(result);
      }
      return grpc::Status::OK;
    };
  }
  ~ListingCommandTest() override { server_->Shutdown(); }

  struct Ran {
    int code = 0;
    std::string out;
    std::string err;
  };
  Ran Review(const std::string& name, const std::string& text) {
    options_.path = WriteTempFile(name, text);
    return ReviewPath(options_.path);
  }
  Ran ReviewPath(const std::string& path) {
    options_.path = path;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.code = static_cast<int>(cli::Run(options_));
    ran.out = testing::internal::GetCapturedStdout();
    ran.err = testing::internal::GetCapturedStderr();
    return ran;
  }
  static std::vector<std::string> Ids(const std::string& ndjson) {
    std::vector<std::string> ids;
    const std::vector<std::string> lines =
        absl::StrSplit(ndjson, '\n', absl::SkipEmpty());
    for (const std::string& line : lines) {
      v1::ReviewResult result;
      EXPECT_TRUE(
          google::protobuf::util::JsonStringToMessage(line, &result).ok())
          << line;
      ids.push_back(result.listing_id());
    }
    return ids;
  }

  ScriptedListings service_;
  std::unique_ptr<grpc::Server> server_;
  ReviewListingsOptions options_;
  std::vector<v1::ReviewListingRequest> requests_;
};

TEST_F(ListingCommandTest, EachListingIsAnsweredInTheOrderOfTheFile) {
  const Ran ran = Review("a.csv",
                         "listing_id,title,tenant\na,pen,\nb,review,own\n"
                         "c,pen,\n");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(Ids(ran.out), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ran.err, StartsWith("3 listings: 0 blocked, 1 to review, 2 "
                                  "allowed. "));
}

TEST_F(ListingCommandTest, NothingToReviewIsSuccess) {
  EXPECT_EQ(Review("a.csv", "listing_id,title\na,pen\n").code, 0);
  EXPECT_EQ(Review("a.ndjson", "").code, 0);
}

TEST_F(ListingCommandTest, TheTenantIsThatOfListingsThatNameNone) {
  options_.tenant = "mall";
  Review("a.csv", "listing_id,tenant\na,\nb,own\n");
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_EQ(requests_[0].tenant(), "mall");
  EXPECT_EQ(requests_[1].tenant(), "own");
}

TEST_F(ListingCommandTest, AFaultyLineHasItsPlaceAndTheRunGoesOn) {
  const Ran ran = Review("a.ndjson",
                         R"({"listing_id":"a"}
nonsense
{"listing_id":"c","title":"faulty"}
{"listing_id":"d","title":"review"}
)");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(Ids(ran.out), ElementsAre("a", "", "c", "d"));
  EXPECT_THAT(ran.err, AllOf(HasSubstr("lenscap: line 2: "),
                             HasSubstr("lenscap: line 3: c: title: it is "
                                       "faulty\n"),
                             HasSubstr("2 not reviewed")));
  EXPECT_THAT(requests_, SizeIs(3));
}

TEST_F(ListingCommandTest, OfManyFaultsTheFirstAreTold) {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "nonsense\n";
  const Ran ran = Review("a.ndjson", text);
  EXPECT_THAT(ran.err,
              AllOf(HasSubstr("line 100: "), Not(HasSubstr("line 101: ")),
                    HasSubstr("and 50 more like these"),
                    HasSubstr("150 not reviewed")));
}

TEST_F(ListingCommandTest, AListingBeyondAMessageCostsNoOtherListing) {
  const Ran ran =
      Review("a.ndjson", absl::StrCat(R"({"listing_id":"a","description":")",
                                      std::string(5 << 20, 'x'), "\"}\n",
                                      R"({"listing_id":"b"})"));
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(Ids(ran.out), ElementsAre("a", "b"));
  EXPECT_THAT(ran.err, HasSubstr("it may have 4194304"));
}

TEST_F(ListingCommandTest, PhotosLieBesideTheFileOrWhereItIsSaid) {
  const std::string folder = MakeTempDirectory();
  std::filesystem::rename(WriteTempFile("x", "photo"), folder + "/a.jpg");
  const std::string csv = "listing_id,photo_files\na,a.jpg;b.jpg\n";
  options_.photos = folder;
  Ran ran = Review("a.csv", csv);
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.err, HasSubstr("line 2: a: photo_files[1]: b.jpg: "));
  EXPECT_THAT(ran.out, HasSubstr("photo_files[1]: b.jpg"));
  ASSERT_THAT(requests_, SizeIs(1));
  EXPECT_THAT(requests_[0].images(), ElementsAre("photo"));

  options_.photos.clear();
  std::filesystem::rename(WriteTempFile("x", csv), folder + "/crawl.csv");
  ReviewPath(folder + "/crawl.csv");
  ASSERT_THAT(requests_, SizeIs(2));
  EXPECT_THAT(requests_[1].images(), ElementsAre("photo"));
}

TEST_F(ListingCommandTest, ATableShowsWhatNeedsALookOrAllOfIt) {
  options_.format = ListingFormat::kTable;
  const std::string csv = "listing_id,title\nfine,pen\nodd,review\n";
  Ran ran = Review("a.csv", csv);
  EXPECT_THAT(ran.out,
              AllOf(StartsWith("VERDICT"), HasSubstr("REVIEW"),
                    HasSubstr("odd"), Not(HasSubstr("fine")),
                    HasSubstr("\n2 listings: 0 blocked, 1 to review")));
  options_.all = true;
  EXPECT_THAT(Review("a.csv", csv).out, HasSubstr("fine"));
}

TEST_F(ListingCommandTest, CsvComesOutWithAHeaderAndARecordEach) {
  options_.format = ListingFormat::kCsv;
  EXPECT_EQ(Review("a.csv", "listing_id\na\n=b\n").out,
            "listing_id,action,score,rules,matched_text,image_matches,case_id,"
            "error\r\na,ALLOW,0.0,,,,,\r\n'=b,ALLOW,0.0,,,,,\r\n");
}

TEST_F(ListingCommandTest, ARunIsTakenUpBehindAListing) {
  options_.after = "b";
  EXPECT_THAT(Ids(Review("a.csv", "listing_id\na\nb\nc\nd\n").out),
              ElementsAre("c", "d"));
  options_.after = "z";
  const Ran ran = Review("a.csv", "listing_id\na\n");
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("--resume-after: there is no listing z"));
}

TEST_F(ListingCommandTest, AServerThatBreaksOffIsReportedWithWhereToGoOn) {
  service_.review = [](ReviewingStream& stream) {
    v1::ReviewListingRequest request;
    stream.Read(&request);
    stream.Write(Answer(request, v1::ACTION_ALLOW));
    stream.Read(&request);
    return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                        "tenant mall: too many listings");
  };
  const Ran ran = Review("a.csv", "listing_id\na\nb\n");
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(Ids(ran.out), ElementsAre("a"));
  EXPECT_THAT(ran.err, AllOf(HasSubstr("tenant mall: too many listings"),
                             HasSubstr("1 listings were sent and not answered; "
                                       "--resume-after 'a' goes on")));
}

TEST_F(ListingCommandTest, AServerThatEndsTooSoonDidNotReviewTheRest) {
  service_.review = [](ReviewingStream& stream) {
    v1::ReviewListingRequest request;
    stream.Read(&request);
    return grpc::Status::OK;
  };
  const Ran ran = Review("a.csv", "listing_id\na\n");
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("before it had answered"));
}

TEST_F(ListingCommandTest, AnswersToWhatWasNotAskedAreNotBelieved) {
  service_.review = [](ReviewingStream& stream) {
    v1::ReviewListingRequest request;
    while (stream.Read(&request)) {
    }
    request.set_listing_id("other");
    stream.Write(Answer(request, v1::ACTION_ALLOW));
    return grpc::Status::OK;
  };
  Ran ran = Review("a.csv", "listing_id\na\n");
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("answers for listing \"other\""));
  ran = Review("a.csv", "listing_id\n");
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("more than it was asked"));
}

TEST_F(ListingCommandTest, WhatTheServerDoesNotTakeDoesNotPileUp) {
  // Far more than may be under way; the server answers once none more come.
  std::atomic<int64_t> prepared = 0;
  std::atomic<int64_t> most = 0;
  int64_t answered = 0;
  service_.review = [&](ReviewingStream& stream) {
    v1::ReviewListingRequest request;
    while (stream.Read(&request)) {
      ++answered;
      most = std::max<int64_t>(most, prepared - answered);
      stream.Write(Answer(request, v1::ACTION_ALLOW));
    }
    return grpc::Status::OK;
  };
  const auto connection = Connection::Open(options_.endpoint, {});
  ASSERT_TRUE(connection.ok());
  int64_t done = 0;
  const ReviewOutcome outcome = ReviewListings(
      **connection,
      [&]() -> absl::StatusOr<std::optional<PreparedListing>> {
        if (prepared == 1000) return std::nullopt;
        PreparedListing listing;
        listing.line = ++prepared;
        listing.request.set_listing_id(absl::StrCat(prepared.load()));
        return listing;
      },
      [&](ReviewedListing listing) {
        EXPECT_EQ(listing.line, ++done);
        return absl::OkStatus();
      });
  EXPECT_TRUE(outcome.server.ok()) << outcome.server;
  EXPECT_EQ(done, 1000);
  EXPECT_LE(most, static_cast<int64_t>(kMaxListingsUnderWay) + 1);
}

TEST_F(ListingCommandTest, AnOutputThatIsGoneEndsTheRun) {
  const auto connection = Connection::Open(options_.endpoint, {});
  ASSERT_TRUE(connection.ok());
  int64_t prepared = 0;
  const ReviewOutcome outcome = ReviewListings(
      **connection,
      [&]() -> absl::StatusOr<std::optional<PreparedListing>> {
        PreparedListing listing;  // Without end.
        listing.line = ++prepared;
        return listing;
      },
      [&](const ReviewedListing&) { return absl::DataLossError("closed"); });
  EXPECT_EQ(outcome.output.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(outcome.input.ok());
  EXPECT_TRUE(outcome.server.ok()) << outcome.server;
}

TEST_F(ListingCommandTest, WhatCannotBeReadOrReachedSaysSo) {
  EXPECT_EQ(ReviewPath(MakeTempDirectory() + "/none.csv").code, 3);
  EXPECT_THAT(ReviewPath(MakeTempDirectory()).err, HasSubstr("is a directory"));
  EXPECT_THAT(Review("a.csv", "titel\n").err,
              HasSubstr("a.csv: line 1: column \"titel\""));
  server_->Shutdown();
  const Ran ran = Review("a.csv", "listing_id\na\n");
  EXPECT_EQ(ran.code, 4);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach the server"));
}

}  // namespace
}  // namespace lenscap::cli
