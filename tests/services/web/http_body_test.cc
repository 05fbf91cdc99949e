// Bodies over a real pair of sockets, against what was put into them.

#include "services/web/http_body.h"

#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/web/http_head.h"
#include "services/web/wire.h"

namespace lenscap {
namespace {

// A connection whose other end has sent these bytes, and no more will come.
class SentBytes {
 public:
  explicit SentBytes(const std::string& bytes) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    EXPECT_EQ(write(ends[1], bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
    close(ends[1]);
    wire_ = std::make_unique<Wire>(ends[0], nullptr);
  }
  Wire& wire() { return *wire_; }

  // What is left of them.
  std::string Rest() {
    std::string rest;
    char byte = 0;
    while (wire_->Read(&byte, 1, Soon()) == 1) rest.push_back(byte);
    return rest;
  }
  static absl::Time Soon() { return absl::Now() + absl::Seconds(10); }

 private:
  std::unique_ptr<Wire> wire_;
};

// The whole body, read in pieces of at most so many bytes; none where it is
// malformed.
std::optional<std::string> ReadAll(HttpBody& body, size_t piece) {
  std::string all;
  std::string buffer(piece, '\0');
  while (true) {
    const ssize_t n = body.Read(buffer.data(), piece, SentBytes::Soon());
    if (n < 0) return std::nullopt;
    if (n == 0) return all;
    all.append(buffer, 0, static_cast<size_t>(n));
  }
}

TEST(HttpBodyTest, ABodyWithALengthEndsThere) {
  for (const size_t piece : {1, 3, 100}) {
    SentBytes sent("helloGET / HTTP/1.1");
    HttpBody body(&sent.wire(), {.chunked = false, .bytes = 5});
    EXPECT_EQ(ReadAll(body, piece), "hello");
    EXPECT_TRUE(body.ended());
    EXPECT_EQ(sent.Rest(), "GET / HTTP/1.1");
  }
}

TEST(HttpBodyTest, ABodyThatBreaksOffHasNotEnded) {
  SentBytes sent("hell");
  HttpBody body(&sent.wire(), {.chunked = false, .bytes = 5});
  EXPECT_EQ(ReadAll(body, 100), std::nullopt);
  EXPECT_FALSE(body.ended());
}

TEST(HttpBodyTest, WithoutABodyNothingIsRead) {
  SentBytes sent("next");
  HttpBody body(&sent.wire(), {});
  EXPECT_TRUE(body.ended());
  EXPECT_EQ(ReadAll(body, 100), "");
  EXPECT_EQ(sent.Rest(), "next");
}

TEST(HttpBodyTest, HoweverABodyIsCutIntoChunksItIsTheSame) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 3000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    std::string chunks;
    for (size_t at = 0; at < bytes.size();) {
      const size_t size = 1 + random() % (bytes.size() - at);
      absl::StrAppendFormat(&chunks, round % 2 == 0 ? "%x" : "%05X", size);
      if (round % 3 == 0) chunks += ";name=value";
      chunks += "\r\n" + bytes.substr(at, size) + "\r\n";
      at += size;
    }
    chunks += "0\r\n\r\n";
    SentBytes sent(chunks + "next");
    HttpBody body(&sent.wire(), {.chunked = true, .bytes = 0});
    EXPECT_EQ(ReadAll(body, 1 + random() % 500), bytes);
    EXPECT_TRUE(body.ended());
    EXPECT_EQ(sent.Rest(), "next");
    // Cut off anywhere it is no body.
    SentBytes cut(chunks.substr(0, random() % chunks.size()));
    HttpBody broken(&cut.wire(), {.chunked = true, .bytes = 0});
    EXPECT_EQ(ReadAll(broken, 100), std::nullopt);
    EXPECT_FALSE(broken.ended());
  }
}

TEST(HttpBodyTest, ChunksThatAreNoneFailForGood) {
  for (const char* chunks :
       {"", "\r\n", "x\r\n", "3", "3\r\nabc", "3\r\nabcd\r\n0\r\n\r\n",
        "3\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n",
        "0x3\r\nabc\r\n", "3\r\nabc\r\n0\r\nA: b\r\n\r\n", "3;\na\r\nabc\r\n",
        "1000000000000000\r\na", "fffffffffffffffff\r\na", "0\r\n\n"}) {
    SentBytes sent(chunks);
    HttpBody body(&sent.wire(), {.chunked = true, .bytes = 0});
    EXPECT_EQ(ReadAll(body, 100), std::nullopt) << chunks;
    char byte = 0;
    EXPECT_EQ(body.Read(&byte, 1, SentBytes::Soon()), -1) << chunks;
    EXPECT_FALSE(body.ended()) << chunks;
  }
}

TEST(HttpHeadTest, HeadersAreReadAsTheyAre) {
  const auto headers = ParseHttpHeaders(
      "GET /a HTTP/1.1\r\nHost: x:1\r\nA:  b  c\t\r\nEmpty:\r\na: %41\xe9"
      "\r\n\r\n");
  ASSERT_TRUE(headers.ok()) << headers.status();
  HttpRequest request;
  request.headers = *headers;
  EXPECT_EQ(request.Header("host"), "x:1");
  EXPECT_EQ(request.Header("Empty"), "");
  ASSERT_EQ(request.All("A").size(), 2u);
  EXPECT_EQ(request.All("A")[0], "b  c");
  EXPECT_EQ(request.All("A")[1], "%41\xe9");
}

TEST(HttpHeadTest, LinesThatAreNoHeadersAreRefused) {
  for (const char* lines :
       {"A", "A b", ": b", " A: b", "A : b", "A\t: b", "A(: b", "A: b\rC: d",
        "A: b\nC: d", "A: \x01", "A: \x7f", "\r\nA: b"}) {
    EXPECT_FALSE(
        ParseHttpHeaders(absl::StrCat("GET / HTTP/1.1\r\n", lines, "\r\n\r\n"))
            .ok())
        << lines;
  }
  EXPECT_FALSE(ParseHttpHeaders("").ok());
  EXPECT_FALSE(ParseHttpHeaders("GET / HTTP/1.1\r\nA: b\r\n").ok());
}

}  // namespace
}  // namespace lenscap
