// Videos that are read in a process of their own.

#include "media/decoder_pool.h"

#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "media/byte_source.h"
#include "tests/media/decoder_programs.h"
#include "tests/media/read_media.h"
#include "tests/support/media_files.h"

namespace lenscap {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::string Video(const std::string& name = "video.mp4",
                  const std::string& size = "160x96") {
  return MakeMedia(name, {"-f", "lavfi", "-i",
                          "testsrc2=d=6:r=25:s=" + size + ",noise=alls=8",
                          "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset",
                          "ultrafast", "-x264-params", "keyint=50:scenecut=0"});
}

OpenVideo In(DecoderPool& pool) {
  return [&pool](std::unique_ptr<ByteSource> source, ReaderOptions options) {
    return pool.Open(std::move(source), options);
  };
}

void ExpectSameRead(const MediaRead& a, const MediaRead& b) {
  EXPECT_EQ(a.status, b.status);
  ASSERT_EQ(a.frames.size(), b.frames.size());
  for (size_t i = 0; i < a.frames.size(); ++i) {
    EXPECT_EQ(a.frames[i].time, b.frames[i].time);
    EXPECT_EQ(a.frames[i].range, b.frames[i].range);
    EXPECT_EQ(a.frames[i].colour.saturation, b.frames[i].colour.saturation);
    EXPECT_TRUE(LumaBytes(a.frames[i]) == LumaBytes(b.frames[i])) << i;
  }
  EXPECT_EQ(a.facts.container, b.facts.container);
  EXPECT_EQ(a.facts.codec, b.facts.codec);
  EXPECT_EQ(a.facts.width, b.facts.width);
  EXPECT_EQ(a.facts.declared_duration, b.facts.declared_duration);
  EXPECT_EQ(a.facts.decoded_duration, b.facts.decoded_duration);
  EXPECT_EQ(a.facts.frames_decoded, b.facts.frames_decoded);
  EXPECT_EQ(a.facts.bytes, b.facts.bytes);
  EXPECT_EQ(a.facts.truncated, b.facts.truncated);
}

// Reads it in a pool and in this process; frames are copied, as a slot is lent
// for a while only.
MediaRead ReadCopied(const std::string& path, const ReaderOptions& options,
                     const OpenVideo& open) {
  return ReadMedia(*OpenFileSource(path), options, open);
}

TEST(DecoderPoolTest, TheFramesAreThoseOfThisProcess) {
  const std::string path = Video();
  for (const Sampling sampling : {Sampling::kDense, Sampling::kSparse}) {
    const ReaderOptions options = {.sampling = sampling};
    ExpectSameRead(ReadCopied(path, options, In(TestPool())),
                   ReadCopied(path, options, VideoReader::Open));
  }
  ExpectSameRead(ReadCopied(path, EveryFrame(), In(TestPool())),
                 ReadCopied(path, EveryFrame(), VideoReader::Open));
}

TEST(DecoderPoolTest, MediaInMemoryIsReadToo) {
  const std::string bytes = ReadFileBytes(Video());
  const MediaRead read = ReadMedia(MakeMemorySource(bytes), {}, In(TestPool()));
  ASSERT_TRUE(read.status.ok()) << read.status;
  EXPECT_THAT(read.frames, SizeIs(12));
}

TEST(DecoderPoolTest, ErrorsAreThoseOfThisProcess) {
  for (const std::string& bytes :
       {std::string(), std::string("no video"), std::string(5000, '\0')}) {
    const MediaRead here = ReadMediaBytes(bytes, {});
    const MediaRead there =
        ReadMedia(MakeMemorySource(bytes), {}, In(TestPool()));
    EXPECT_EQ(there.status, here.status);
  }
  ReaderOptions options;
  options.limits.max_pixels = 1000;
  const MediaRead large = ReadCopied(Video(), options, In(TestPool()));
  EXPECT_TRUE(absl::IsResourceExhausted(large.status)) << large.status;
  EXPECT_THAT(std::string(large.status.message()), HasSubstr("max_pixels"));
}

TEST(DecoderPoolTest, PartsAreReadAgain) {
  const std::string path = Video();
  std::vector<std::string> luma[2];
  std::vector<TimeSpan> spans[2];
  for (int i : {0, 1}) {
    auto reader = *(i == 0 ? VideoReader::Open(*OpenFileSource(path),
                                               {.sampling = Sampling::kSparse})
                           : TestPool().Open(*OpenFileSource(path),
                                             {.sampling = Sampling::kSparse}));
    while (*reader->Next()) {
    }
    const TimeSpan span = {absl::Seconds(1), absl::Seconds(3)};
    auto read = reader->ReadAgain({&span, 1}, [&](const Frame& frame) {
      luma[i].push_back(LumaBytes(frame));
    });
    ASSERT_TRUE(read.ok()) << read.status();
    spans[i] = *read;
  }
  EXPECT_THAT(luma[0], SizeIs(8));
  EXPECT_EQ(luma[0], luma[1]);
  ASSERT_EQ(spans[0].size(), spans[1].size());
  EXPECT_EQ(spans[0][1].end, spans[1][1].end);
}

TEST(DecoderPoolTest, FramesThatAreKeptStayAsTheyAre) {
  auto reader = *TestPool().Open(*OpenFileSource(Video()), EveryFrame());
  std::vector<Frame> kept;
  std::vector<std::string> luma;
  for (int i = 0; i < 20; ++i) {
    kept.push_back(**reader->Next());
    luma.push_back(LumaBytes(kept.back()));
  }
  reader = nullptr;
  for (size_t i = 0; i < kept.size(); ++i) {
    EXPECT_TRUE(LumaBytes(kept[i]) == luma[i]) << i;
  }
}

TEST(DecoderPoolTest, ManyReadAtATime) {
  const std::string path = Video();
  const MediaRead here = ReadMediaFile(path, {});
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        ExpectSameRead(ReadCopied(path, {}, In(TestPool())), here);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(DecoderPoolTest, CancellingEndsAReadAtOnceWhateverTheDecoderDoes) {
  DecoderPool::Options options;
  options.program = RogueDecoderProgram();
  options.max_silence = absl::Hours(1);
  auto pool = *DecoderPool::Start(options);
  std::atomic<bool> cancelled = false;
  auto reader =
      *pool->Open(MakeMemorySource("sleep"), {.cancelled = &cancelled});
  std::thread canceller([&] { cancelled = true; });
  EXPECT_TRUE(absl::IsCancelled(reader->Next().status()));
  canceller.join();
}

TEST(DecoderPoolTest, WhereThereIsNoDecoderItSaysSo) {
  DecoderPool::Options options;
  options.program = "/nowhere/lenscap_decoder";
  const auto pool = DecoderPool::Start(options);
  EXPECT_TRUE(absl::IsFailedPrecondition(pool.status())) << pool.status();
  EXPECT_THAT(std::string(pool.status().message()),
              HasSubstr("/nowhere/lenscap_decoder"));
}

TEST(DecoderPoolTest, AProgramThatIsNoDecoderIsNotTaken) {
  DecoderPool::Options options;
  options.program = "/bin/true";
  EXPECT_TRUE(absl::IsFailedPrecondition(DecoderPool::Start(options).status()));
}

// Whether `action` is true in a process whose kernel has no seccomp filters.
bool WithoutSeccomp(const std::function<bool()>& action) {
  const pid_t child = fork();
  if (child == 0) {
    const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(seccomp), 0);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                     SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP));
    _exit(seccomp_load(filter) == 0 && action() ? 0 : 1);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(DecoderPoolTest, WithoutTheKernelsFiltersItRefusesUnlessToldOtherwise) {
  DecoderPool::Options options;
  options.program = DecoderProgram();
  EXPECT_TRUE(WithoutSeccomp([&] {
    const auto pool = DecoderPool::Start(options);
    return absl::IsFailedPrecondition(pool.status()) &&
           absl::StrContains(pool.status().message(), "cannot be jailed");
  }));
  options.may_be_free = true;
  EXPECT_TRUE(WithoutSeccomp([&] {
    const auto pool = DecoderPool::Start(options);
    return pool.ok() && absl::IsUnimplemented((*pool)->jailed());
  }));
  EXPECT_TRUE((*DecoderPool::Start(options))->jailed().ok());
}

// --- A decoder that was taken over.

struct Deed {
  std::string word;
  std::string end;  // As DecoderEnd says.
};

void PrintTo(const Deed& deed, std::ostream* out) { *out << deed.word; }

class RogueDecoderTest : public testing::TestWithParam<Deed> {
 protected:
  static std::unique_ptr<DecoderPool> MakePool() {
    DecoderPool::Options options;
    options.program = RogueDecoderProgram();
    options.max_cpu = absl::Seconds(1);
    options.max_silence = absl::Seconds(2);
    return *DecoderPool::Start(options);
  }
};

TEST_P(RogueDecoderTest, EndsWithItsReasonAndTheNextFileIsRead) {
  const std::unique_ptr<DecoderPool> pool = MakePool();
  for (int round = 0; round < 2; ++round) {
    auto reader = pool->Open(MakeMemorySource(GetParam().word), {});
    ASSERT_TRUE(reader.ok()) << reader.status();
    const auto frame = (*reader)->Next();
    EXPECT_TRUE(absl::IsDataLoss(frame.status())) << frame.status();
    EXPECT_EQ(DecoderEnd(frame.status()), GetParam().end) << frame.status();
    // It stays at that.
    EXPECT_EQ((*reader)->Next().status(), frame.status());
    EXPECT_EQ((*reader)->facts().container, "rogue??[31m");
  }
  EXPECT_TRUE((*pool->Open(MakeMemorySource("fine"), {}))->Next().ok());
}

INSTANTIATE_TEST_SUITE_P(
    Deeds, RogueDecoderTest,
    testing::Values(
        Deed{"segfault", "crashed"}, Deed{"abort", "crashed"},
        Deed{"exit", "crashed"}, Deed{"sleep", "hung"},
        Deed{"spin", "limit_cpu"}, Deed{"socket", "forbidden_call"},
        Deed{"fork", "forbidden_call"}, Deed{"exec", "forbidden_call"},
        Deed{"resize", "forbidden_call"}, Deed{"hang", "forbidden_call"},
        Deed{"wide", "broken_protocol"}, Deed{"empty", "broken_protocol"},
        Deed{"stride", "broken_protocol"}, Deed{"backwards", "broken_protocol"},
        Deed{"past", "broken_protocol"}, Deed{"colour", "broken_protocol"},
        Deed{"opened", "broken_protocol"}, Deed{"unknown", "broken_protocol"},
        Deed{"counts", "broken_protocol"}, Deed{"short", "broken_protocol"}),
    [](const auto& info) { return info.param.word; });

TEST(RogueDecoderTest, MoreSpansThanThereCanBeAreNotBelieved) {
  DecoderPool::Options options;
  options.program = RogueDecoderProgram();
  auto pool = *DecoderPool::Start(options);
  auto reader = *pool->Open(MakeMemorySource("fine"), {});
  const TimeSpan span = {absl::ZeroDuration(), absl::Seconds(1)};
  EXPECT_EQ(
      DecoderEnd(reader->ReadAgain({&span, 1}, [](const Frame&) {}).status()),
      "broken_protocol");
}

TEST(DecoderEndTest, OtherErrorsAreNone) {
  EXPECT_THAT(DecoderEnd(absl::DataLossError("of something else")), IsEmpty());
  EXPECT_THAT(DecoderEnd(absl::OkStatus()), IsEmpty());
}

}  // namespace
}  // namespace lenscap
