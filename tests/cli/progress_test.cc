#include "services/cli/progress.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <clocale>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/cli/text.h"
#include "tests/support/fake_clock.h"

namespace lenscap::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

ProgressState HalfDone() {
  return {.files = 20,
          .files_done = 9,
          .total_bytes = 200e6,
          .done_bytes = 100e6,
          .total_known = true,
          .bytes_per_second = 10e6,
          .elapsed = absl::Seconds(10),
          .current = "clips/night/room-7.mp4"};
}

TEST(ProgressTest, OneLineTellsShareTimeLeftFilesRateAndFile) {
  EXPECT_EQ(RenderProgress(HalfDone(), 100),
            " 50%  [############------------]  0:10 left  9/20 files  "
            "10.0 MB/s  clips/night/room-7.mp4");
}

TEST(ProgressTest, ANarrowTerminalGetsTheMostUsefulParts) {
  for (size_t columns = 0; columns <= 120; ++columns) {
    EXPECT_LE(DisplayWidth(RenderProgress(HalfDone(), columns)), columns);
  }
  EXPECT_EQ(RenderProgress(HalfDone(), 4), " 50%");
  EXPECT_EQ(RenderProgress(HalfDone(), 16), " 50%  0:10 left");
  EXPECT_THAT(RenderProgress(HalfDone(), 80),
              AllOf(HasSubstr("10.0 MB/s"), HasSubstr("...oom-7.mp4")));
}

TEST(ProgressTest, WithoutATotalItCountsWhatWasDone) {
  ProgressState state = HalfDone();
  state.files = 1;
  state.total_known = false;
  const std::string line = RenderProgress(state, 80);
  EXPECT_THAT(line, AllOf(HasSubstr("10.0 MB/s"), HasSubstr("0:10"),
                          Not(HasSubstr("%")), Not(HasSubstr("left"))));
}

TEST(ProgressTest, AtTheStartThereIsNoGuess) {
  ProgressState state = HalfDone();
  state.files_done = 0;
  state.done_bytes = 0;
  state.bytes_per_second = 0;
  state.elapsed = absl::ZeroDuration();
  EXPECT_THAT(RenderProgress(state, 80),
              AllOf(HasSubstr("  0%"), HasSubstr("0/20 files"),
                    Not(HasSubstr("left")), Not(HasSubstr("/s"))));
}

// A terminal of our own.
class ProgressBarTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(std::setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
    winsize size{};
    size.ws_col = 79;
    size.ws_row = 10;
    ASSERT_EQ(openpty(&master_, &terminal_, nullptr, nullptr, &size), 0);
  }
  void TearDown() override {
    close(master_);
    close(terminal_);
  }

  // What was drawn since the last call. A terminal hands its bytes over in its
  // own time and in pieces: read up to a mark of ours, not what is there yet.
  std::string Drawn() {
    constexpr char kMark = '\x01';
    EXPECT_EQ(write(terminal_, &kMark, 1), 1);
    std::string bytes;
    char next = 0;
    while (read(master_, &next, 1) == 1 && next != kMark) bytes += next;
    EXPECT_EQ(next, kMark);
    return bytes;
  }

  FakeClock clock_;
  int master_ = -1;
  int terminal_ = -1;
  const std::vector<InputFile> files_ = {
      {"a.mp4", 1000, absl::OkStatus()},
      {"b.mp4", 3000, absl::OkStatus()},
      {"none.mp4", -1, absl::NotFoundError("none.mp4")}};
};

TEST_F(ProgressBarTest, ItDrawsOverItselfAndGoesAway) {
  {
    ProgressBar bar(files_, terminal_, &clock_);
    clock_.Advance(absl::Seconds(1));
    bar.Update(0, 0.5);
    EXPECT_THAT(Drawn(), AllOf(HasSubstr("\r"), HasSubstr(" 12%"),
                               HasSubstr("0/3 files"), HasSubstr("a.mp4")));
    clock_.Advance(absl::Seconds(1));
    bar.Finish(0);
    EXPECT_THAT(Drawn(), AllOf(HasSubstr(" 25%"), HasSubstr("0:06 left")));
    bar.Finish(2);
    bar.Finish(1);
    EXPECT_THAT(Drawn(), AllOf(HasSubstr("100%"), HasSubstr("3/3 files")));
  }
  EXPECT_EQ(Drawn(), "\r\x1b[K");
}

TEST_F(ProgressBarTest, ItDrawsAFewTimesASecondAtMost) {
  ProgressBar bar(files_, terminal_, &clock_);
  bar.Update(0, 0.1);
  EXPECT_THAT(Drawn(), Not(IsEmpty()));
  for (int i = 0; i < 100; ++i) bar.Update(0, 0.2);
  EXPECT_THAT(Drawn(), IsEmpty());
  clock_.Advance(absl::Milliseconds(100));
  bar.Update(0, 0.3);
  EXPECT_THAT(Drawn(), Not(IsEmpty()));
}

TEST_F(ProgressBarTest, TheRateAndTheTimeLeftAreThoseOfLate) {
  ProgressBar bar(files_, terminal_, &clock_);
  clock_.Advance(absl::Seconds(1));
  bar.Update(1, 0.5);  // 1500 bytes in one second, then 30 a second.
  EXPECT_THAT(Drawn(), AllOf(HasSubstr("1.5 kB/s"), HasSubstr("0:02 left")));
  for (int i = 1; i <= 10; ++i) {
    clock_.Advance(absl::Seconds(1));
    bar.Update(1, 0.5 + 0.01 * i);
  }
  EXPECT_THAT(Drawn(), AllOf(HasSubstr("30 B/s  b.mp4"), HasSubstr("40%"),
                             HasSubstr("1:13 left")));
}

TEST_F(ProgressBarTest, AFileNeverGoesBack) {
  ProgressBar bar(files_, terminal_, &clock_);
  bar.Update(1, 0.8);
  EXPECT_THAT(Drawn(), HasSubstr(" 60%"));
  clock_.Advance(absl::Seconds(1));
  bar.Update(1, 0.1);
  EXPECT_THAT(Drawn(), HasSubstr(" 60%"));
}

TEST_F(ProgressBarTest, NamesCannotSteerTheTerminal) {
  const std::vector<InputFile> hostile = {
      {"\x1b[31mred\n", 10, absl::OkStatus()}};
  ProgressBar bar(hostile, terminal_, &clock_);
  bar.Update(0, 0.5);
  EXPECT_THAT(Drawn(), HasSubstr("?[31mred?"));
}

TEST_F(ProgressBarTest, WithoutATerminalNothingIsDrawn) {
  int pipe_ends[2];
  ASSERT_EQ(pipe2(pipe_ends, O_NONBLOCK), 0);
  {
    ProgressBar bar(files_, pipe_ends[1], &clock_);
    bar.Update(0, 0.5);
    bar.Finish(0);
  }
  char byte;
  EXPECT_EQ(read(pipe_ends[0], &byte, 1), -1);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace lenscap::cli
