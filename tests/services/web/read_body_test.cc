#include "services/web/read_body.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/web/http_status.h"

namespace lenscap {
namespace {

using ::testing::ElementsAre;

// The lines of a text that comes in pieces of so many bytes.
absl::StatusOr<std::vector<std::string>> LinesOf(absl::string_view text,
                                                 size_t piece, size_t most) {
  std::vector<std::string> lines;
  LineSplitter splitter(most, [&lines](absl::string_view line) {
    lines.emplace_back(line);
    return absl::OkStatus();
  });
  for (size_t i = 0; i < text.size(); i += piece) {
    if (const absl::Status taken = splitter.Take(text.substr(i, piece));
        !taken.ok()) {
      return taken;
    }
  }
  if (const absl::Status ended = splitter.End(); !ended.ok()) return ended;
  return lines;
}

TEST(LineSplitterTest, WhereverPiecesEndTheLinesAreTheSame) {
  for (size_t piece = 1; piece < 20; ++piece) {
    const auto lines = LinesOf("one\ntwo\r\n\n\r\nthree", piece, 10);
    ASSERT_TRUE(lines.ok()) << lines.status();
    EXPECT_THAT(*lines, ElementsAre("one", "two", "three")) << piece;
  }
}

TEST(LineSplitterTest, ALineThatIsTooLongIsRefusedBeforeItEnds) {
  EXPECT_TRUE(LinesOf("0123456789\n0123456789", 4, 10).ok());
  for (const size_t piece : {1, 4, 100}) {
    const auto lines = LinesOf("01234567890", piece, 10);
    EXPECT_TRUE(absl::IsInvalidArgument(lines.status()));
    EXPECT_EQ(ErrorAnswer(lines.status()).status, 413);
  }
}

TEST(LineSplitterTest, WhoRefusesALineIsAskedForNoMore) {
  int taken = 0;
  LineSplitter splitter(10, [&taken](absl::string_view) {
    ++taken;
    return absl::AbortedError("enough");
  });
  EXPECT_TRUE(absl::IsAborted(splitter.Take("a\nb\nc\n")));
  EXPECT_EQ(taken, 1);
}

TEST(ContentTypeTest, ParametersAndCaseDoNotMatter) {
  HttpRequest request;
  EXPECT_FALSE(HasContentType(request, "application/json"));
  request.headers = {{"content-type", "Application/JSON ; charset=utf-8"}};
  EXPECT_TRUE(HasContentType(request, "application/json"));
  request.headers = {{"content-type", "application/jsonx"}};
  EXPECT_EQ(ErrorAnswer(CheckContentType(request, "application/json")).status,
            415);
}

TEST(HttpStatusTest, EveryCodeHasAStatusThatSaysWhoseFaultItIs) {
  using enum absl::StatusCode;
  EXPECT_EQ(HttpStatusOf(kOk), 200);
  for (const auto code : {kInvalidArgument, kFailedPrecondition, kOutOfRange}) {
    EXPECT_EQ(HttpStatusOf(code), 400);
  }
  EXPECT_EQ(HttpStatusOf(kUnauthenticated), 401);
  EXPECT_EQ(HttpStatusOf(kPermissionDenied), 403);
  EXPECT_EQ(HttpStatusOf(kNotFound), 404);
  EXPECT_EQ(HttpStatusOf(kAborted), 409);
  EXPECT_EQ(HttpStatusOf(kAlreadyExists), 409);
  EXPECT_EQ(HttpStatusOf(kResourceExhausted), 429);
  EXPECT_EQ(HttpStatusOf(kCancelled), 499);
  EXPECT_EQ(HttpStatusOf(kUnimplemented), 501);
  EXPECT_EQ(HttpStatusOf(kUnavailable), 503);
  EXPECT_EQ(HttpStatusOf(kDeadlineExceeded), 504);
  for (const auto code : {kUnknown, kInternal, kDataLoss}) {
    EXPECT_EQ(HttpStatusOf(code), 500);
  }
}

TEST(HttpStatusTest, AnErrorQuotesHostileBytesAsValidJson) {
  const HttpAnswer answer =
      ErrorAnswer(absl::AbortedError("a \"quoted\" \xff byte\n</script>"), "7");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.body,
            "{\"error\":{\"code\":\"ABORTED\",\"message\":\"a \\\"quoted\\\" "
            "\xef\xbf\xbd byte\\n</script>\",\"status\":409}}");
  EXPECT_THAT(answer.headers, ElementsAre(std::pair("Retry-After", "7")));
}

}  // namespace
}  // namespace lenscap
