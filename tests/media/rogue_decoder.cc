// A decoder that an attacker has taken over: it enters the jail, and then does
// what the file's first word says.

#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "media/decoder_protocol.h"
#include "media/jail.h"

namespace lenscap {
namespace {

DecoderReply Reply(DecoderReply::Kind kind) {
  DecoderReply reply = {};
  reply.kind = kind;
  std::strcpy(reply.facts.container, "rogue\n\x1b[31m");
  reply.facts.frames_decoded = 1;
  return reply;
}

void Send(const DecoderReply& reply) {
  SendRecord(kDecoderSocket, &reply, sizeof(reply));
}

DecoderReply GoodFrame() {
  DecoderReply reply = Reply(DecoderReply::kFrame);
  reply.frame = {.width = 64,
                 .height = 64,
                 .stride = 64,
                 .time = 0,
                 .is_limited = 0,
                 .saturation = 0,
                 .variety = 0};
  return reply;
}

void AnswerNext(const std::string& word) {
  DecoderReply frame = GoodFrame();
  if (word == "segfault") raise(SIGSEGV);
  if (word == "abort") std::abort();
  if (word == "exit") _exit(7);
  if (word == "hang") pause();  // Kills it, unless it is free.
  if (word == "sleep") {
    int never[2] = {-1, -1};
    ReceiveRecord(kDecoderSocket, never, sizeof(never));  // Nothing comes.
  }
  if (word == "spin") {
    while (true) {
      const clock_t start = clock();
      while (clock() - start < CLOCKS_PER_SEC / 10) {
      }
      Send(Reply(DecoderReply::kAlive));
    }
  }
  if (word == "socket") socket(AF_INET, SOCK_STREAM, 0);
  if (word == "fork") fork();
  if (word == "exec") execl("/bin/sh", "sh", nullptr);
  if (word == "resize" && ftruncate(kDecoderMemory, 0) == 0) return;
  if (word == "wide") frame.frame.width = 1 << 30;
  if (word == "empty") frame.frame.height = 0;
  if (word == "stride") frame.frame.stride = int64_t{1} << 40;
  if (word == "backwards") frame.frame.stride = -64;
  if (word == "past") frame.frame.time = -1;
  if (word == "colour") frame.frame.saturation = __builtin_nanf("");
  if (word == "opened") frame = Reply(DecoderReply::kOpened);
  if (word == "unknown") frame.kind = static_cast<DecoderReply::Kind>(99);
  if (word == "counts") frame.facts.frames_decoded = -1;
  if (word == "fine") {
    frame = Reply(DecoderReply::kEnd);
  }
  if (word == "short") {
    SendRecord(kDecoderSocket, &frame, 10);
  } else {
    Send(frame);
  }
}

int Run() {
  DecoderRequest request;
  std::string word;
  while (true) {
    int file;
    if (ReceiveRecord(kDecoderSocket, &request, sizeof(request), &file) !=
        Received::kRecord) {
      return 0;
    }
    if (request.kind == DecoderRequest::kEnter) {
      DecoderReply reply = Reply(DecoderReply::kEntered);
      reply.code = !LimitResources({}).ok() || !EnterJail().ok();
      Send(reply);
    } else if (request.kind == DecoderRequest::kOpen) {
      char text[32] = {};
      const ssize_t size = pread(file, text, sizeof(text), 0);
      close(file);
      word.assign(text, size > 0 ? size : 0);
      Send(Reply(DecoderReply::kOpened));
    } else if (request.kind == DecoderRequest::kNext) {
      AnswerNext(word);
    } else if (request.kind == DecoderRequest::kAgain) {
      DecoderReply spans = Reply(DecoderReply::kSpans);
      spans.span_count = 1000;
      Send(spans);
    }
  }
}

}  // namespace
}  // namespace lenscap

int main() { return lenscap::Run(); }
