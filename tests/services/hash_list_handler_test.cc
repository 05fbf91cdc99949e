#include "services/hash_list_handler.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/proto_time.h"
#include "tests/services/client.h"
#include "tests/services/footage.h"
#include "tests/services/rooms.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Two hashes that differ in every bit, and one of no quality.
const std::string kHash(64, 'a');
const std::string kOpposite(64, '5');

std::string PdqText() {
  return kHash + ",100\n" + kOpposite + ",90\n" + std::string(64, '0') + ",0\n";
}

class HashListHandlerTest : public testing::Test {
 protected:
  static v1::PublishHeader Header(
      const std::string& entry_id = "entry",
      v1::PublishHeader::Format format = v1::PublishHeader::FORMAT_PDQ_TEXT) {
    v1::PublishHeader header;
    header.set_list_id("list");
    header.set_entry_id(entry_id);
    header.set_severity(v1::SEVERITY_CONFIRMED);
    header.set_format(format);
    header.set_create_list(true);
    header.set_issuer("hotline");
    return header;
  }
  absl::StatusOr<v1::PublishReply> Publish(const v1::PublishHeader& header,
                                           const std::string& bytes) {
    PublishUpload upload(&lists_, caller_);
    for (const auto& message : MessagesOf<v1::PublishRequest>(header, bytes)) {
      const absl::Status status = upload.Take(message);
      if (!status.ok()) return status;
    }
    return upload.Publish(cancellation_);
  }
  void PublishEntries(const std::vector<std::string>& entry_ids) {
    for (const std::string& entry_id : entry_ids) {
      const auto reply = Publish(Header(entry_id), PdqText());
      ASSERT_TRUE(reply.ok()) << reply.status();
    }
  }

  Rooms rooms_;
  const ListRooms lists_ = rooms_.Lists();
  Caller caller_ = LocalCaller();
  Cancellation cancellation_;
};

TEST_F(HashListHandlerTest, FootageBecomesAClip) {
  const auto reply =
      Publish(Header("", v1::PublishHeader::FORMAT_FOOTAGE), KnownClip());
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->list_id(), "list");
  EXPECT_EQ(reply->list_version(), 1);
  EXPECT_EQ(reply->entry_id(), "sha256:" + ToHex(Sha256Of(KnownClip())));
  EXPECT_EQ(FromProto(reply->duration()), absl::Seconds(10));
  EXPECT_EQ(reply->frames() + reply->frames_left_out(), 40);  // Four a second.
  EXPECT_TRUE(reply->changed());
}

TEST_F(HashListHandlerTest, PublishingTheSameAgainChangesNothing) {
  PublishEntries({"entry"});
  const auto again = Publish(Header(), PdqText());
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_FALSE(again->changed());
  EXPECT_EQ(again->list_version(), 1);
  const auto other = Publish(Header(), kHash + ",100\n");
  EXPECT_TRUE(absl::IsAlreadyExists(other.status())) << other.status();
}

TEST_F(HashListHandlerTest, HashesAsTextBecomeAClip) {
  const auto images = Publish(Header("images"), PdqText());
  ASSERT_TRUE(images.ok()) << images.status();
  EXPECT_EQ(images->frames(), 2);
  EXPECT_EQ(images->frames_left_out(), 1);
  const auto video =
      Publish(Header("video", v1::PublishHeader::FORMAT_VPDQ_TEXT),
              "0,100," + kHash + ",0.0\n5,90," + kOpposite + ",2.5\n");
  ASSERT_TRUE(video.ok()) << video.status();
  EXPECT_EQ(video->frames(), 2);
  EXPECT_EQ(FromProto(video->duration()), absl::Milliseconds(2500));
}

TEST_F(HashListHandlerTest, AnUnknownListIsNamedBeforeTheFileArrives) {
  v1::PublishHeader header = Header();
  header.set_create_list(false);
  PublishUpload upload(&lists_, caller_);
  v1::PublishRequest request;
  *request.mutable_header() = header;
  const absl::Status status = upload.Take(request);
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()),
              StartsWith("header.list_id: there is no list \"list\""));
  EXPECT_THAT(std::string(status.message()), HasSubstr("create_list"));
}

TEST_F(HashListHandlerTest, AListHasOneIssuer) {
  PublishEntries({"entry"});
  v1::PublishHeader header = Header("second");
  header.set_issuer("somebody else");
  const auto reply = Publish(header, PdqText());
  EXPECT_TRUE(absl::IsAlreadyExists(reply.status()));
  EXPECT_THAT(std::string(reply.status().message()),
              StartsWith("header.issuer: "));
}

TEST_F(HashListHandlerTest, ABadHeaderIsRefusedByTheNameOfItsField) {
  const struct {
    std::string field;
    std::function<void(v1::PublishHeader&)> spoil;
  } kCases[] = {
      {"header.list_id", [](auto& h) { h.clear_list_id(); }},
      {"header.list_id", [](auto& h) { h.set_list_id("No Such Name"); }},
      {"header.list_id", [](auto& h) { h.set_list_id(std::string(65, 'a')); }},
      {"header.entry_id", [](auto& h) { h.set_entry_id("a/b"); }},
      {"header.entry_id",
       [](auto& h) { h.set_entry_id(std::string(129, 'a')); }},
      {"header.severity", [](auto& h) { h.clear_severity(); }},
      {"header.severity",
       [](auto& h) { h.set_severity(static_cast<v1::Severity>(9)); }},
      {"header.format", [](auto& h) { h.clear_format(); }},
      {"header.format",
       [](auto& h) {
         h.set_format(static_cast<v1::PublishHeader::Format>(9));
       }},
      {"header.issuer", [](auto& h) { h.clear_issuer(); }},
      {"header.issuer", [](auto& h) { h.set_issuer(std::string(257, 'a')); }},
      {"header.total_bytes", [](auto& h) { h.set_total_bytes(-1); }},
      {"header.sha256", [](auto& h) { h.set_sha256("short"); }},
  };
  for (const auto& test : kCases) {
    v1::PublishHeader header = Header();
    test.spoil(header);
    const auto reply = Publish(header, PdqText());
    EXPECT_TRUE(absl::IsInvalidArgument(reply.status()))
        << test.field << ": " << reply.status();
    EXPECT_THAT(std::string(reply.status().message()),
                StartsWith(test.field + ": "));
  }
  EXPECT_TRUE(rooms_.clips->Lists().empty());
}

TEST_F(HashListHandlerTest, MessagesMustComeInOrder) {
  v1::PublishRequest header, chunk, neither;
  *header.mutable_header() = Header();
  chunk.mutable_chunk()->set_data("x");
  EXPECT_EQ(
      PublishUpload(&lists_, caller_).Publish(cancellation_).status().message(),
      "header: expected as the first message, got none");
  EXPECT_EQ(PublishUpload(&lists_, caller_).Take(chunk).message(),
            "header: expected as the first message, got none");
  EXPECT_EQ(PublishUpload(&lists_, caller_).Take(neither).message(),
            "part: expected a header or a chunk");
  PublishUpload upload(&lists_, caller_);
  ASSERT_TRUE(upload.Take(header).ok());
  EXPECT_EQ(upload.Take(header).message(), "header: sent twice");
}

TEST_F(HashListHandlerTest, WhatCannotBePublishedLeavesNothingBehind) {
  const struct {
    v1::PublishHeader::Format format;
    std::string bytes;
    std::string message;
  } kCases[] = {
      {v1::PublishHeader::FORMAT_FOOTAGE, "", ""},
      {v1::PublishHeader::FORMAT_FOOTAGE, "no video", ""},
      {v1::PublishHeader::FORMAT_FOOTAGE, SoundOnly(), "video"},
      {v1::PublishHeader::FORMAT_PDQ_TEXT, "", ""},
      {v1::PublishHeader::FORMAT_PDQ_TEXT, kHash + "\nxyz\n", "line 2"},
      {v1::PublishHeader::FORMAT_PDQ_TEXT, std::string(64, '0') + ",0\n", ""},
      {v1::PublishHeader::FORMAT_VPDQ_TEXT, "0,100," + kHash, "line 1"},
  };
  for (const auto& test : kCases) {
    const auto reply = Publish(Header("entry", test.format), test.bytes);
    EXPECT_TRUE(absl::IsInvalidArgument(reply.status()))
        << test.bytes.substr(0, 100) << ": " << reply.status();
    EXPECT_THAT(std::string(reply.status().message()), HasSubstr(test.message));
  }
  EXPECT_TRUE(rooms_.clips->Lists().empty());
  EXPECT_TRUE(std::filesystem::is_empty(rooms_.directory + "/spool"));
}

TEST_F(HashListHandlerTest, ACancelledPublishLeavesNothingBehind) {
  cancellation_.Cancel(absl::CancelledError("gone"));
  EXPECT_EQ(Publish(Header(), PdqText()).status(),
            absl::CancelledError("gone"));
  EXPECT_EQ(
      Publish(Header("entry", v1::PublishHeader::FORMAT_FOOTAGE), KnownClip())
          .status(),
      absl::CancelledError("gone"));
  EXPECT_TRUE(rooms_.clips->Lists().empty());
}

TEST_F(HashListHandlerTest, ListsAndEntriesComeInOrderAndPages) {
  PublishEntries({"c", "a", "b"});
  const auto lists = ListLists(lists_, caller_);
  ASSERT_EQ(lists->lists_size(), 1);
  EXPECT_EQ(lists->lists(0).list_id(), "list");
  EXPECT_EQ(lists->lists(0).issuer(), "hotline");
  EXPECT_EQ(lists->lists(0).version(), 3);
  EXPECT_EQ(lists->lists(0).entries(), 3);
  v1::GetListRequest request;
  request.set_list_id("list");
  request.set_page_size(2);
  const auto first = GetList(lists_, caller_, request);
  ASSERT_EQ(first->entries_size(), 2);
  EXPECT_EQ(first->entries(0).entry_id(), "a");
  EXPECT_EQ(first->entries(1).entry_id(), "b");
  request.set_page_token(first->next_page_token());
  const auto second = GetList(lists_, caller_, request);
  ASSERT_EQ(second->entries_size(), 1);
  EXPECT_EQ(second->entries(0).entry_id(), "c");
  EXPECT_EQ(second->entries(0).added_in_version(), 1);
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(HashListHandlerTest, APageThatEndsWithTheListIsTheLast) {
  PublishEntries({"a", "b"});
  v1::GetListRequest request;
  request.set_list_id("list");
  request.set_page_size(2);
  EXPECT_EQ(GetList(lists_, caller_, request)->next_page_token(), "");
}

TEST_F(HashListHandlerTest, WithdrawalTakesAllOrNone) {
  PublishEntries({"a", "b", "c"});
  v1::WithdrawRequest request;
  request.set_list_id("list");
  request.set_reason("published in error");
  request.add_entry_ids("a");
  request.add_entry_ids("absent");
  const auto refused = Withdraw(lists_, caller_, request);
  EXPECT_TRUE(absl::IsNotFound(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("absent"));
  request.set_entry_ids(1, "b");
  const auto two = Withdraw(lists_, caller_, request);
  ASSERT_TRUE(two.ok()) << two.status();
  EXPECT_EQ(two->entries_withdrawn(), 2);
  EXPECT_EQ(two->list_version(), 4);
  request.clear_entry_ids();
  request.set_all_entries(true);
  EXPECT_EQ(Withdraw(lists_, caller_, request)->entries_withdrawn(), 1);
}

TEST_F(HashListHandlerTest, HistoryTellsWhatChangedNewestFirst) {
  PublishEntries({"a", "b"});
  v1::WithdrawRequest withdrawal;
  withdrawal.set_list_id("list");
  withdrawal.set_reason("error");
  withdrawal.add_entry_ids("a");
  ASSERT_TRUE(Withdraw(lists_, caller_, withdrawal).ok());
  v1::HistoryRequest request;
  request.set_list_id("list");
  const auto history = History(lists_, caller_, request);
  ASSERT_EQ(history->changes_size(), 3);
  EXPECT_EQ(history->changes(0).kind(), v1::ListChange::KIND_WITHDRAWN);
  EXPECT_EQ(history->changes(0).reason(), "error");
  EXPECT_THAT(history->changes(0).entry_ids(), ElementsAre("a"));
  EXPECT_EQ(history->changes(2).version(), 1);
  request.set_limit(1);
  EXPECT_EQ(History(lists_, caller_, request)->changes_size(), 1);
}

TEST_F(HashListHandlerTest, ALargeEntryIsExportedInSeveralMessages) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += (i % 2 ? kHash : kOpposite) + ",80\n";
  ASSERT_TRUE(Publish(Header("large"), text).ok());
  ASSERT_TRUE(Publish(Header("small"), PdqText()).ok());
  v1::ExportRequest request;
  request.set_list_id("list");
  std::vector<v1::ExportedEntry> messages;
  ASSERT_TRUE(
      Export(lists_, caller_, request, [&](const v1::ExportedEntry& message) {
        messages.push_back(message);
        return absl::OkStatus();
      }).ok());
  ASSERT_EQ(messages.size(), 3);
  EXPECT_EQ(messages[0].entry().entry_id(), "large");
  EXPECT_EQ(messages[0].frames_size(), 4096);
  EXPECT_EQ(messages[1].entry().entry_id(), "large");
  EXPECT_EQ(messages[1].frames_size(), 5000 - 4096);
  EXPECT_EQ(FromProto(messages[1].frames(0).time()), absl::Seconds(4096));
  EXPECT_EQ(messages[2].entry().entry_id(), "small");
  ASSERT_EQ(messages[2].frames_size(), 3) << "also those of low quality";
  EXPECT_EQ(messages[2].frames(0).pdq(), std::string(32, '\xaa'));
  EXPECT_EQ(messages[2].frames(1).quality(), 90);
}

TEST_F(HashListHandlerTest, AnExportEndsWithItsReader) {
  PublishEntries({"a", "b"});
  v1::ExportRequest request;
  request.set_list_id("list");
  int sent = 0;
  EXPECT_EQ(Export(lists_, caller_, request,
                   [&](const v1::ExportedEntry&) {
                     ++sent;
                     return absl::CancelledError("gone");
                   }),
            absl::CancelledError("gone"));
  EXPECT_EQ(sent, 1);
}

TEST_F(HashListHandlerTest, ABadRequestIsRefusedByTheNameOfItsField) {
  PublishEntries({"a"});
  const auto withdraw =
      [this](std::function<void(v1::WithdrawRequest&)> spoil) {
        v1::WithdrawRequest request;
        request.set_list_id("list");
        request.add_entry_ids("a");
        request.set_reason("r");
        spoil(request);
        return Withdraw(lists_, caller_, request).status();
      };
  const auto get = [this](std::function<void(v1::GetListRequest&)> spoil) {
    v1::GetListRequest request;
    request.set_list_id("list");
    spoil(request);
    return GetList(lists_, caller_, request).status();
  };
  const auto history = [this](std::function<void(v1::HistoryRequest&)> spoil) {
    v1::HistoryRequest request;
    request.set_list_id("list");
    spoil(request);
    return History(lists_, caller_, request).status();
  };
  v1::ExportRequest no_list;
  const auto unused = [](const v1::ExportedEntry&) { return absl::OkStatus(); };
  const struct {
    std::string field;
    absl::Status status;
  } kCases[] = {
      {"list_id", withdraw([](auto& r) { r.clear_list_id(); })},
      {"reason", withdraw([](auto& r) { r.clear_reason(); })},
      {"reason",
       withdraw([](auto& r) { r.set_reason(std::string(1025, 'r')); })},
      {"entry_ids", withdraw([](auto& r) { r.clear_entry_ids(); })},
      {"entry_ids", withdraw([](auto& r) { r.set_all_entries(true); })},
      {"entry_ids[1]", withdraw([](auto& r) { r.add_entry_ids("a b"); })},
      {"entry_ids", withdraw([](auto& r) {
         for (int i = 0; i < 10'000; ++i) r.add_entry_ids("a");
       })},
      {"list_id", get([](auto& r) { r.set_list_id("A"); })},
      {"page_size", get([](auto& r) { r.set_page_size(1001); })},
      {"page_size", get([](auto& r) { r.set_page_size(-1); })},
      {"page_token", get([](auto& r) { r.set_page_token("\n"); })},
      {"list_id", history([](auto& r) { r.clear_list_id(); })},
      {"limit", history([](auto& r) { r.set_limit(-1); })},
      {"list_id", Export(lists_, caller_, no_list, unused)},
  };
  for (const auto& test : kCases) {
    EXPECT_TRUE(absl::IsInvalidArgument(test.status))
        << test.field << ": " << test.status;
    EXPECT_THAT(std::string(test.status.message()),
                StartsWith(test.field + ": "));
  }
  const absl::Status unknown = get([](auto& r) { r.set_list_id("nowhere"); });
  EXPECT_TRUE(absl::IsNotFound(unknown));
  EXPECT_THAT(std::string(unknown.message()),
              StartsWith("list_id: there is no list \"nowhere\""));
}

}  // namespace
}  // namespace lenscap
