#include "media/byte_source.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int64_t kNoLimit = int64_t{1} << 40;

std::string Letters(size_t count) {
  std::string letters;
  for (size_t i = 0; i < count; ++i) letters += 'a' + i * 7 % 26;
  return letters;
}

// One read; the error as text.
std::string ReadAt(ByteSource& source, int64_t offset, size_t count) {
  std::string bytes(count, '\0');
  const auto length = source.ReadAt(
      offset, absl::MakeSpan(reinterpret_cast<uint8_t*>(bytes.data()), count));
  return length.ok() ? bytes.substr(0, *length) : length.status().ToString();
}

std::string ReadAll(ByteSource& source, size_t step = 1000) {
  std::string all;
  while (true) {
    const std::string piece = ReadAt(source, all.size(), step);
    if (piece.empty()) return all;
    all += piece;
  }
}

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() { CloseWriter(); }
  int reader() const { return ends_[0]; }  // To be given away.
  void Write(const std::string& bytes) {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t count =
          write(ends_[1], bytes.data() + done, bytes.size() - done);
      ASSERT_GT(count, 0);
      done += count;
    }
  }
  void CloseWriter() {
    if (ends_[1] >= 0) close(std::exchange(ends_[1], -1));
  }

 private:
  int ends_[2];
};

std::unique_ptr<ByteSource> Open(int descriptor, int64_t max_bytes = kNoLimit) {
  auto source = OpenDescriptorSource(descriptor, max_bytes);
  EXPECT_TRUE(source.ok()) << source.status();
  return *std::move(source);
}

TEST(FileSourceTest, ReadsAtAnyOffset) {
  const std::string path = WriteTempFile("letters", Letters(5000));
  auto source = OpenFileSource(path);
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_EQ((*source)->size(), 5000);
  EXPECT_EQ(ReadAt(**source, 4990, 100), Letters(5000).substr(4990));
  EXPECT_EQ(ReadAt(**source, 0, 3), Letters(3));
  EXPECT_EQ(ReadAt(**source, 5000, 10), "");
  EXPECT_EQ(ReadAt(**source, int64_t{1} << 50, 10), "");
  EXPECT_EQ(ReadAll(**source), Letters(5000));
}

TEST(FileSourceTest, SaysWhatCannotBeOpened) {
  const std::string directory = MakeTempDirectory();
  const auto code = [](const std::string& path) {
    const absl::Status status = OpenFileSource(path).status();
    EXPECT_NE(status.message().find(path), std::string::npos) << status;
    return status.code();
  };
  EXPECT_EQ(code(directory + "/absent"), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(directory), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("/dev/null"), absl::StatusCode::kInvalidArgument);
}

TEST(FileSourceTest, ANamedPipeDoesNotHoldTheCaller) {
  const std::string path = MakeTempDirectory() + "/fifo";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(OpenFileSource(path).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(DescriptorSourceTest, AFileIsReadInPlace) {
  const std::string path = WriteTempFile("letters", Letters(5000));
  auto source = Open(open(path.c_str(), O_RDONLY));
  EXPECT_EQ(source->size(), 5000);
  EXPECT_EQ(ReadAt(*source, 4000, 10), Letters(5000).substr(4000, 10));
  EXPECT_EQ(
      OpenDescriptorSource(open(path.c_str(), O_RDONLY), 4999).status().code(),
      absl::StatusCode::kResourceExhausted);
}

TEST(DescriptorSourceTest, TakesOverTheDescriptor) {
  Pipe pipe;
  Open(pipe.reader()).reset();
  EXPECT_EQ(fcntl(pipe.reader(), F_GETFD), -1);
}

TEST(DescriptorSourceTest, RefusesWhatIsNoDescriptorOrADirectory) {
  EXPECT_FALSE(OpenDescriptorSource(-1, kNoLimit).ok());
  EXPECT_EQ(OpenDescriptorSource(open("/", O_RDONLY), kNoLimit).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PipeSourceTest, GivesWhatIsThereBeforeThePipeEnds) {
  Pipe pipe;
  auto source = Open(pipe.reader());
  pipe.Write("first");
  EXPECT_EQ(ReadAt(*source, 0, 100), "first");
  EXPECT_EQ(source->size(), -1);
  pipe.Write("second");
  EXPECT_EQ(ReadAt(*source, 5, 3), "sec");
  EXPECT_EQ(ReadAt(*source, 8, 100), "ond");
  pipe.CloseWriter();
  EXPECT_EQ(ReadAt(*source, 11, 100), "");
  EXPECT_EQ(source->size(), 11);
  EXPECT_EQ(ReadAt(*source, 3, 4), "stse");
}

TEST(PipeSourceTest, ReadsBackwardsAndForwards) {
  Pipe pipe;
  const std::string letters = Letters(1'000'000);
  std::thread writer([&] {
    pipe.Write(letters);
    pipe.CloseWriter();
  });
  auto source = Open(pipe.reader());
  EXPECT_EQ(ReadAt(*source, 900'000, 5), letters.substr(900'000, 5));
  EXPECT_EQ(ReadAt(*source, 0, 5), letters.substr(0, 5));
  EXPECT_EQ(ReadAll(*source, 77'777), letters);
  EXPECT_EQ(source->size(), 1'000'000);
  EXPECT_EQ(ReadAt(*source, int64_t{1} << 50, 5), "");
  writer.join();
}

TEST(PipeSourceTest, ASocketIsAPipe) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  auto source = Open(ends[0]);
  std::thread writer([&] {
    ASSERT_EQ(write(ends[1], "hello", 5), 5);
    close(ends[1]);
  });
  EXPECT_EQ(ReadAll(*source), "hello");
  writer.join();
}

TEST(PipeSourceTest, EndsAtTheLimit) {
  Pipe enough, too_much;
  enough.Write(Letters(100));
  enough.CloseWriter();
  EXPECT_EQ(ReadAll(*Open(enough.reader(), 100)), Letters(100));

  too_much.Write(Letters(101));
  too_much.CloseWriter();
  auto source = Open(too_much.reader(), 100);
  uint8_t byte;
  EXPECT_EQ(source->ReadAt(0, absl::MakeSpan(&byte, 1)).status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(PipeSourceTest, LeavesNoFileBehind) {
  const std::string directory = MakeTempDirectory();
  ASSERT_EQ(setenv("TMPDIR", directory.c_str(), 1), 0);
  Pipe pipe;
  auto source = Open(pipe.reader());
  unsetenv("TMPDIR");
  pipe.Write("bytes");
  EXPECT_EQ(ReadAt(*source, 0, 5), "bytes");
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

TEST(PipeSourceTest, SaysThatThereIsNoRoomForTheSpool) {
  ASSERT_EQ(setenv("TMPDIR", "/absent", 1), 0);
  Pipe pipe;
  EXPECT_EQ(OpenDescriptorSource(pipe.reader(), kNoLimit).status().code(),
            absl::StatusCode::kFailedPrecondition);
  unsetenv("TMPDIR");
}

TEST(PipeSourceTest, AFailedWriteOfTheSpoolIsAnError) {
  Pipe pipe;
  auto source = Open(pipe.reader());
  pipe.Write(Letters(2000));
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {1000, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  uint8_t byte;
  const absl::Status status =
      source->ReadAt(1500, absl::MakeSpan(&byte, 1)).status();
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, handler);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find("spool"), std::string::npos) << status;
}

TEST(MemorySourceTest, ReadsAtAnyOffset) {
  auto source = MakeMemorySource(Letters(100));
  EXPECT_EQ(source->size(), 100);
  EXPECT_EQ(ReadAt(*source, 90, 100), Letters(100).substr(90));
  EXPECT_EQ(ReadAt(*source, 0, 3), Letters(3));
  EXPECT_EQ(ReadAt(*source, 100, 3), "");
  EXPECT_EQ(ReadAt(*source, int64_t{1} << 50, 3), "");
  EXPECT_EQ(MakeMemorySource("")->size(), 0);
}

}  // namespace
}  // namespace lenscap
