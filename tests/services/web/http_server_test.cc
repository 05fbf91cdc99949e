// What clients may send, and what is made of what they should not.

#include "services/web/http_server.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/http_client.h"

namespace lenscap {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HttpServerTest : public testing::Test {
 protected:
  // Answers with what it was asked.
  static void Echo(Exchange& exchange) {
    std::string body;
    const absl::Status read =
        exchange.ReadBody(absl::Minutes(1), [&body](absl::string_view piece) {
          absl::StrAppend(&body, piece);
          return absl::OkStatus();
        });
    exchange.Answer({.status = read.ok() ? 200 : 400,
                     .type = "text/plain",
                     .body = absl::StrCat(exchange.request().method, " ",
                                          exchange.request().path, " ", body)});
  }
  void Start(HttpServer::Handler handler = Echo, HttpLimits limits = {}) {
    auto server = HttpServer::Start({.address = "127.0.0.1:0",
                                     .tls = std::nullopt,
                                     .limits = limits,
                                     .headers = {{"X-Every", "answer"}}},
                                    std::move(handler));
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  int port() const { return server_->port(); }
  // The status of a request that is sent as it is.
  int StatusOf(absl::string_view bytes) const {
    HttpConnection connection(port());
    connection.Send(bytes);
    return connection.Read().status;
  }

  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AConnectionCarriesManyRequests) {
  Start();
  HttpConnection connection(port());
  for (const char* body : {"one", "two", "three"}) {
    connection.Send(RequestText({.path = "/a?b=c", .body = body}));
    const HttpReply reply = connection.Read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, absl::StrCat("POST /a ", body));
    EXPECT_EQ(reply.Header("X-Every"), "answer");
  }
}

TEST_F(HttpServerTest, RequestsThatComeAtOnceAreAnsweredInOrder) {
  Start();
  HttpConnection connection(port());
  connection.Send(RequestText({.path = "/1", .body = "a"}) +
                  RequestText({.path = "/2"}) +
                  RequestText({.path = "/3", .body = "c"}));
  EXPECT_EQ(connection.Read().body, "POST /1 a");
  EXPECT_EQ(connection.Read().body, "GET /2 ");
  EXPECT_EQ(connection.Read().body, "POST /3 c");
}

TEST_F(HttpServerTest, ABodyMayComeInChunks) {
  Start();
  HttpConnection connection(port());
  connection.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(connection.Read().body, "POST / abcde");
  connection.Send(RequestText({.path = "/next"}));
  EXPECT_EQ(connection.Read().body, "GET /next ");
}

TEST_F(HttpServerTest, HeadIsGetWithoutTheBody) {
  Start();
  HttpConnection connection(port());
  connection.Send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string head = connection.ReadRaw(200);
  EXPECT_THAT(head, HasSubstr("HTTP/1.1 200"));
  EXPECT_THAT(head, Not(HasSubstr("HEAD /a")));
}

// Where two parties on the way could see the end of a request in two places,
// the rest of it would be taken for a request of somebody else's.
TEST_F(HttpServerTest, ABodyWithTwoEndsIsRefusedAndTheConnectionEnds) {
  Start();
  for (const auto& [headers, status] : std::vector<std::pair<std::string, int>>{
           {"Content-Length: 4\r\nTransfer-Encoding: chunked", 400},
           {"Content-Length: 4\r\nContent-Length: 5", 400},
           {"Content-Length: 4\r\nContent-Length: 4", 400},
           {"Content-Length: +4", 400},
           {"Content-Length: -4", 400},
           {"Content-Length: 0x4", 400},
           {"Content-Length: 4, 4", 400},
           {"Content-Length: 99999999999999999999", 400},
           {"Content-Length:", 400},
           {"Transfer-Encoding: gzip, chunked", 501},
           {"Transfer-Encoding: identity", 501},
           {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400},
           {"Content-Length: 4\r\nContent-Encoding: gzip", 415}}) {
    HttpConnection connection(port());
    connection.Send(
        absl::StrCat("POST / HTTP/1.1\r\nHost: x\r\n", headers,
                     "\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"));
    const HttpReply reply = connection.Read();
    EXPECT_EQ(reply.status, status) << headers;
    EXPECT_EQ(reply.Header("X-Every"), "answer");
    EXPECT_TRUE(connection.Closed()) << headers;
  }
}

TEST_F(HttpServerTest, ABodyThatNobodyReadIsNoRequest) {
  Start([](Exchange& exchange) { exchange.Answer({.body = "early"}); });
  HttpConnection connection(port());
  connection.Send(
      RequestText({.path = "/", .body = "GET /smuggled HTTP/1.1\r\n\r\n"}));
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.body, "early");
  EXPECT_EQ(reply.Header("Connection"), "close");
  EXPECT_TRUE(connection.Closed());
}

TEST_F(HttpServerTest, WhatIsNoRequestIsRefused) {
  Start();
  for (const char* bytes :
       {"\r\n\r\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/3\r\n\r\n",
        "BREW / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 x\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"}) {
    EXPECT_EQ(StatusOf(bytes), 400) << bytes;
  }
  EXPECT_EQ(StatusOf("POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na"), 505);
}

TEST_F(HttpServerTest, HeadersAreBoundedEachAndAllTogether) {
  Start(Echo, {.header_bytes = 4096, .line_bytes = 1024});
  EXPECT_EQ(StatusOf(RequestText({.path = "/" + std::string(900, 'a')})), 200);
  EXPECT_EQ(StatusOf(RequestText({.path = "/" + std::string(1100, 'a')})), 431);
  EXPECT_EQ(StatusOf(RequestText(
                {.path = "/", .headers = {"A: " + std::string(1100, 'a')}})),
            431);
  std::vector<std::string> many;
  for (int i = 0; i < 500; ++i) many.push_back(absl::StrCat("A", i, ": aaaa"));
  EXPECT_EQ(StatusOf(RequestText({.path = "/", .headers = many})), 431);
  // Also where no end of the line ever comes.
  HttpConnection endless(port());
  while (endless.Send(std::string(4096, 'a'))) {
  }
  EXPECT_TRUE(endless.Closed() || endless.Read().status == 431);
}

TEST_F(HttpServerTest, TheLengthOfAChunkIsBoundedToo) {
  Start(Echo, {.line_bytes = 1024});
  HttpConnection connection(port());
  connection.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.Send(absl::StrCat("3;", std::string(5000, 'x')));
  EXPECT_EQ(connection.Read().status, 400);
}

TEST_F(HttpServerTest, ChunksThatAreNoneEndTheRequest) {
  Start();
  for (const char* chunks :
       {"zz\r\n", "-1\r\nabc\r\n", "3\r\nabcd\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nabc\r\n"}) {
    HttpConnection connection(port());
    connection.Send(absl::StrCat(
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        chunks));
    connection.EndSending();
    const HttpReply reply = connection.Read();
    EXPECT_EQ(reply.status, 400) << chunks;
    EXPECT_TRUE(connection.Closed()) << chunks;
  }
}

TEST_F(HttpServerTest, WhoSaysNothingIsNotWaitedForLong) {
  Start(Echo, {.header_timeout = absl::Milliseconds(50),
               .read_timeout = absl::Milliseconds(50)});
  HttpConnection silent(port());
  EXPECT_TRUE(silent.Closed());
  HttpConnection half(port());
  half.Send("GET / HTTP/1.1\r\nHost:");
  EXPECT_EQ(half.Read().status, 400);
  HttpConnection body(port());
  body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_EQ(body.Read().status, 400);
}

TEST_F(HttpServerTest, ABodyMustBeThereInTimeHoweverSteadilyItComes) {
  absl::Status read;
  Start([&read](Exchange& exchange) {
    read = exchange.ReadBody(absl::Milliseconds(100), [](absl::string_view) {
      return absl::OkStatus();
    });
    exchange.Answer({.status = read.ok() ? 200 : 400});
  });
  HttpConnection connection(port());
  connection.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
  std::atomic<bool> answered = false;
  std::thread trickle([&] {
    while (!answered && connection.Send("a")) std::this_thread::yield();
  });
  EXPECT_EQ(connection.Read().status, 400);
  answered = true;
  trickle.join();
  EXPECT_TRUE(absl::IsInvalidArgument(read)) << read;
}

TEST_F(HttpServerTest, WhoDoesNotReadDoesNotHoldTheAnswerForEver) {
  std::atomic<bool> ended = false;
  absl::Notification gave_up;
  Start(
      [&](Exchange& exchange) {
        exchange.AnswerInPieces("text/plain", [&](const Exchange::Send& send) {
          const std::string piece(1 << 20, 'a');
          while (send(piece)) {
          }
          ended = true;
          gave_up.Notify();
        });
      },
      {.write_timeout = absl::Milliseconds(50)});
  HttpConnection connection(port());
  connection.Send(RequestText({.path = "/"}));
  EXPECT_TRUE(gave_up.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_TRUE(ended);
}

TEST_F(HttpServerTest, ConnectionsBeyondTheBoundAreTurnedAway) {
  Start(Echo, {.connections = 2});
  HttpConnection one(port());
  HttpConnection two(port());
  for (HttpConnection* connection : {&one, &two}) {
    connection->Send(RequestText({.path = "/"}));
    EXPECT_EQ(connection->Read().status, 200);
  }
  HttpConnection three(port());
  EXPECT_EQ(three.Read().status, 503);
  one.Close();
  // The place is free once the server has seen it.
  int status = 0;
  for (int i = 0; i < 1000 && status != 200; ++i) {
    status = Ask(port(), {.path = "/"}).status;
  }
  EXPECT_EQ(status, 200);
}

TEST_F(HttpServerTest, PiecesArriveAsTheyAreMade) {
  absl::Notification first_was_read;
  Start([&](Exchange& exchange) {
    exchange.AnswerInPieces("text/plain", [&](const Exchange::Send& send) {
      send("one");
      first_was_read.WaitForNotificationWithTimeout(absl::Seconds(10));
      send("");
      send("two");
    });
  });
  HttpConnection connection(port());
  connection.Send(RequestText({.path = "/"}));
  EXPECT_EQ(connection.ReadHead().status, 200);
  EXPECT_EQ(connection.ReadChunk(), "one");
  first_was_read.Notify();
  EXPECT_EQ(connection.ReadChunk(), "two");
  EXPECT_EQ(connection.ReadChunk(), "");
}

TEST_F(HttpServerTest, NothingIsCompressedAndNoRangeIsCutOut) {
  Start([](Exchange& exchange) {
    exchange.Answer({.type = "text/plain", .body = std::string(5000, 'a')});
  });
  const HttpReply reply = Ask(
      port(), {.path = "/",
               .headers = {"Accept-Encoding: gzip, br", "Range: bytes=0-1"}});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Content-Encoding"), "");
  EXPECT_EQ(reply.body.size(), 5000u);
}

TEST_F(HttpServerTest, AHandlerHearsThatItsClientHasGone) {
  absl::Notification began;
  absl::Notification gone;
  Start([&](Exchange& exchange) {
    began.Notify();
    while (!exchange.Gone()) std::this_thread::yield();
    gone.Notify();
    exchange.Answer({});
  });
  HttpConnection connection(port());
  connection.Send(RequestText({.path = "/"}));
  EXPECT_TRUE(began.WaitForNotificationWithTimeout(absl::Seconds(10)));
  connection.Close();
  EXPECT_TRUE(gone.WaitForNotificationWithTimeout(absl::Seconds(10)));
}

TEST_F(HttpServerTest, DrainingEndsIdleConnectionsAndFinishesOthers) {
  absl::Notification began;
  absl::Notification may_end;
  Start([&](Exchange& exchange) {
    if (exchange.request().path == "/slow") {
      began.Notify();
      may_end.WaitForNotificationWithTimeout(absl::Seconds(10));
    }
    exchange.Answer({.body = "whole"});
  });
  HttpConnection idle(port());
  idle.Send(RequestText({.path = "/"}));
  EXPECT_EQ(idle.Read().status, 200);
  HttpConnection busy(port());
  busy.Send(RequestText({.path = "/slow"}));
  began.WaitForNotification();
  server_->Drain();
  EXPECT_TRUE(idle.Closed());
  may_end.Notify();
  EXPECT_EQ(busy.Read().body, "whole");
  EXPECT_TRUE(busy.Closed());
  server_->Stop();
}

TEST_F(HttpServerTest, StoppingBreaksStreamsThatWouldGoOnForEver) {
  Start([](Exchange& exchange) {
    exchange.AnswerInPieces("text/plain",
                            [&exchange](const Exchange::Send& send) {
                              while (!exchange.Gone() && send("x")) {
                              }
                            });
  });
  std::vector<std::unique_ptr<HttpConnection>> streams;
  for (int i = 0; i < 20; ++i) {
    streams.push_back(std::make_unique<HttpConnection>(port()));
    streams.back()->Send(RequestText({.path = "/"}));
    EXPECT_EQ(streams.back()->ReadHead().status, 200);
  }
  server_->Stop();
  server_ = nullptr;
}

TEST_F(HttpServerTest, AnAddressThatIsTakenIsAnError) {
  Start();
  const auto second =
      HttpServer::Start({.address = absl::StrCat("127.0.0.1:", port()),
                         .tls = std::nullopt,
                         .limits = {},
                         .headers = {}},
                        Echo);
  EXPECT_TRUE(absl::IsFailedPrecondition(second.status()));
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("127.0.0.1:", port())));
}

}  // namespace
}  // namespace lenscap
