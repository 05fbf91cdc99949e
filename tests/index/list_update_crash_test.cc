// kill -9 of a process that applies versions of a signed list, at many moments:
// the list is the old version or the new one, never a mixture.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/index/list_versions.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kRounds = 40;
constexpr int kEntries = 4000;
constexpr int kChangesPerLine = 100;
constexpr char kList[] = "list";

std::unique_ptr<KnownClips> MustOpen(const std::string& directory) {
  // With so little memory that a version goes to the disk in many files.
  auto clips =
      KnownClips::Open({.directory = directory, .update_run_bytes = 100'000});
  if (clips.ok()) return *std::move(clips);
  ADD_FAILURE() << clips.status();
  return nullptr;
}

bool IsListed(int entry, int64_t version) {
  return version > 0 && (entry + version) % 3 != 0;
}

// The content follows from the entry and the version; every second entry is
// another clip in each version.
Clip ClipIn(int entry, int64_t version) {
  Random random(entry * 1000 + (entry % 2) * version);
  Clip clip =
      MakeClip(kList, absl::StrCat("entry-", entry), {CorrelatedHash(random)});
  clip.md5.emplace();
  for (uint8_t& byte : *clip.md5) byte = random();
  return clip;
}

void Say(int pipe, absl::string_view what) {
  const std::string line = absl::StrCat(what, "\n");
  if (write(pipe, line.data(), line.size()) != std::ssize(line)) _exit(1);
}

// The version's changes, saying how far they were read.
class Version final : public EntryChangeSource {
 public:
  Version(int64_t version, int pipe) : version_(version), pipe_(pipe) {}

  absl::StatusOr<std::optional<EntryChange>> Next() override {
    if (entry_ % kChangesPerLine == 0) Say(pipe_, "read");
    while (entry_ < kEntries && !IsListed(entry_, version_)) ++entry_;
    if (entry_ == kEntries) return std::nullopt;
    return AddOf(ClipIn(entry_++, version_));
  }

 private:
  const int64_t version_;
  const int pipe_;
  int entry_ = 0;
};

int Work(const std::string& directory, int pipe) {
  const auto clips = MustOpen(directory);
  if (clips == nullptr) return 1;
  while (true) {
    const ListUpdate update = NextVersion(*clips, kList, true);
    Version version(update.signed_version, pipe);
    ListUpdateHooks hooks;
    hooks.review = [&](const ClipMatcher&, const ListUpdateResult&) {
      Say(pipe, "commits");
      return ListUpdateHooks::Review();
    };
    if (!clips->Update(update, version, hooks).ok()) return 2;
    Say(pipe, "done");
  }
}

// Starts the worker, and kills it `wait` after it said `last` so many times.
// Returns how many versions were done for sure.
int WorkAndKill(const std::string& directory, const std::string& last,
                int times, absl::Duration wait) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t worker = fork();
  if (worker == 0) {
    close(pipe_ends[0]);
    execl("/proc/self/exe", "list_update_crash_test", directory.c_str(),
          absl::StrCat(pipe_ends[1]).c_str(), nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string said;
  char bytes[4096];
  bool killed = false;
  const auto count = [&](const std::string& word) {
    const std::vector<std::string> lines = absl::StrSplit(said, '\n');
    return std::count(lines.begin(), lines.end(), word);
  };
  for (ssize_t size; (size = read(pipe_ends[0], bytes, sizeof(bytes))) > 0;) {
    said.append(bytes, size);
    if (!killed && count(last) >= times) {
      usleep(absl::ToInt64Microseconds(wait));
      kill(worker, SIGKILL);
      killed = true;
    }
  }
  close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(worker, &status, 0), worker);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return count("done");
}

void ExpectWhole(const KnownClips& clips, int64_t version) {
  std::map<std::string, Clip> found;
  if (version > 0) {
    const absl::Status status =
        clips.ForEachClip(kList, [&](const EntryInfo& entry, const Clip& clip) {
          found[entry.entry_id] = clip;
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
    const ListInfo list = *clips.GetList(kList);
    EXPECT_EQ(list.version, version);
    EXPECT_EQ(list.signed_sha256, FileOf(kList, version));
    EXPECT_EQ(list.entries, std::ssize(found));
    EXPECT_EQ(clips.History(kList, 1'000'000)->size(), version);
  }
  for (int entry = 0; entry < kEntries; ++entry) {
    const auto clip = found.find(absl::StrCat("entry-", entry));
    ASSERT_EQ(clip != found.end(), IsListed(entry, version)) << entry;
    const Clip expected = ClipIn(entry, version);
    if (clip != found.end()) {
      ASSERT_EQ(clip->second.frames, expected.frames) << entry;
      ASSERT_EQ(clip->second.md5, expected.md5) << entry;
    }
    UploadFingerprint upload;
    upload.digests.md5 = *expected.md5;
    ASSERT_EQ(clips.Match(upload).size(), IsListed(entry, version)) << entry;
  }
}

TEST(ListUpdateCrashTest, AListIsTheOldVersionOrTheNewOne) {
  const std::string directory = MakeTempDirectory();
  Random random(1);
  int64_t version = 0;
  int old_ones = 0, new_ones = 0;
  for (int round = 0; round < kRounds && !testing::Test::HasFailure();
       ++round) {
    // Half of them while it is read, half while it is written.
    const bool while_read = round % 2 == 0;
    const int done =
        while_read
            ? WorkAndKill(directory, "read",
                          1 + Below(2 * kEntries / kChangesPerLine, random),
                          absl::ZeroDuration())
            : WorkAndKill(directory, "commits", 1 + Below(2, random),
                          absl::Microseconds(Below(250'000, random)));
    const auto clips = MustOpen(directory);
    ASSERT_NE(clips, nullptr);
    EXPECT_FALSE(std::filesystem::exists(absl::StrCat(directory, "/update")));
    const auto list = clips->GetList(kList);
    const int64_t now = list.ok() ? list->signed_version : 0;
    EXPECT_GE(now, version + done);
    EXPECT_LE(now, version + done + 1);
    ++(now == version + done ? old_ones : new_ones);
    version = now;
    ExpectWhole(*clips, version);
  }
  EXPECT_GT(version, kRounds / 4);
  RecordProperty("old", old_ones);
  RecordProperty("new", new_ones);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  if (argc == 3) return lenscap::Work(argv[1], std::atoi(argv[2]));
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
