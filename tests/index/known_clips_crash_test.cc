// kill -9 of a process that publishes and withdraws, many times. The process
// says on a pipe what it is about to do and what was acknowledged to it; all of
// that must be there afterwards, and nothing half of anything.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <set>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "index/known_clips.h"
#include "tests/index/hashes.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr int kRounds = 20;
// With clips so large that segments are made, merged and saved all the time.
constexpr int kLargeRounds = 30;
constexpr char kLarge[] = "large-";
constexpr int kThreads = 4;
constexpr int kEntriesPerThread = 12;

std::unique_ptr<KnownClips> MustOpen(const std::string& directory) {
  auto clips = KnownClips::Open({.directory = directory});
  if (clips.ok()) return *std::move(clips);
  ADD_FAILURE() << clips.status();
  return nullptr;
}

// The content follows from the name.
Clip ClipCalled(const std::string& entry_id) {
  Random random(std::hash<std::string>()(entry_id));
  const bool large = absl::StartsWith(entry_id, kLarge);
  const int frames = large ? 2000 + Below(4000, random) : 1 + Below(40, random);
  return MakeClip("list", entry_id,
                  MovingHashes(frames, large ? 40 : 12, random));
}

// One line per event, short enough that the pipe keeps it whole.
void Say(int pipe, absl::string_view what) {
  const std::string line = absl::StrCat(what, "\n");
  if (write(pipe, line.data(), line.size()) != std::ssize(line)) _exit(1);
}

// Each thread has entries of its own, so that it knows what there is.
std::string EntryOf(bool large, int thread, int i) {
  return absl::StrCat(large ? kLarge : "", "t", thread, "-", i);
}

void WorkForEver(KnownClips& clips, int thread, int round, int pipe) {
  Random random(round * 100 + thread);
  while (true) {
    const std::string id =
        EntryOf(round >= kRounds, thread, Below(kEntriesPerThread, random));
    Say(pipe, absl::StrCat("try ", id));
    if (Below(2, random) == 0) {
      const auto result = clips.Publish(ClipCalled(id));
      if (!result.ok()) _exit(2);
      Say(pipe, absl::StrCat("published ", id, " ", result->clip_id, " ",
                             result->list_version));
    } else {
      const auto result = clips.Withdraw("list", {id}, "reason");
      if (!result.ok() && !absl::IsNotFound(result.status())) _exit(3);
      Say(pipe, absl::StrCat("withdrew ", id, " 0 ",
                             result.ok() ? result->list_version : 0));
    }
  }
}

int Work(const std::string& directory, int round, int pipe) {
  const auto clips = MustOpen(directory);
  if (clips == nullptr || !clips->CreateList("list", "issuer").ok()) return 1;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back(WorkForEver, std::ref(*clips), t, round, pipe);
  }
  for (std::thread& thread : threads) thread.join();
  return 0;
}

// Starts the worker, lets it say `lines` lines, kills it, and returns
// everything that it said.
std::vector<std::string> WorkAndKill(const std::string& directory, int round,
                                     int lines) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t worker = fork();
  if (worker == 0) {
    close(pipe_ends[0]);
    execl("/proc/self/exe", "known_clips_crash_test", directory.c_str(),
          absl::StrCat(round).c_str(), absl::StrCat(pipe_ends[1]).c_str(),
          nullptr);
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string said;
  char bytes[4096];
  bool killed = false;
  for (ssize_t size; (size = read(pipe_ends[0], bytes, sizeof(bytes))) > 0;) {
    said.append(bytes, size);
    if (!killed && std::count(said.begin(), said.end(), '\n') >= lines) {
      kill(worker, SIGKILL);
      killed = true;
    }
  }
  close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(worker, &status, 0), worker);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
  return absl::StrSplit(said, '\n', absl::SkipEmpty());
}

// What must be there, as far as it was said.
class Model {
 public:
  void Add(const std::string& line) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words[0] == "try") {
      trying_.insert(words[1]);
      return;
    }
    trying_.erase(words[1]);
    uint64_t clip_id = 0;
    int64_t version = 0;
    ASSERT_TRUE(absl::SimpleAtoi(words[2], &clip_id)) << line;
    ASSERT_TRUE(absl::SimpleAtoi(words[3], &version)) << line;
    version_ = std::max(version_, version);
    if (words[0] == "withdrew") {
      clips_.erase(words[1]);
      return;
    }
    ASSERT_EQ(words[0], "published") << line;
    Use(words[1], clip_id);
    clips_[words[1]] = clip_id;
  }

  // Compares, and takes over what became of changes that were under way.
  void ExpectIn(const KnownClips& clips) {
    std::map<std::string, uint64_t> found;
    int64_t frames = 0;
    const absl::Status status = clips.ForEachClip(
        "list", [&](const EntryInfo& entry, const Clip& clip) {
          EXPECT_EQ(clip.frames, ClipCalled(entry.entry_id).frames);
          EXPECT_EQ(entry.frames, std::ssize(clip.frames));
          frames += entry.frames;
          found[entry.entry_id] = entry.clip_id;
          ExpectMatched(clips, clip, entry.clip_id);
          return absl::OkStatus();
        });
    ASSERT_TRUE(status.ok()) << status;
    for (const bool large : {false, true}) {
      for (int thread = 0; thread < kThreads; ++thread) {
        for (int i = 0; i < kEntriesPerThread; ++i) {
          const std::string id = EntryOf(large, thread, i);
          if (found.count(id) == 0) ExpectMatched(clips, ClipCalled(id), 0);
        }
      }
    }
    for (const auto& [id, clip_id] : clips_) {
      if (trying_.count(id) == 0) {
        EXPECT_EQ(found[id], clip_id) << id;
      }
    }
    for (const auto& [id, clip_id] : found) {
      if (trying_.count(id) == 0) {
        EXPECT_EQ(clips_[id], clip_id) << id;
      }
      Use(id, clip_id);
    }
    const ListInfo list = *clips.GetList("list");
    EXPECT_GE(list.version, version_);
    EXPECT_LE(list.version, version_ + kThreads);
    EXPECT_EQ(list.entries, std::ssize(found));
    EXPECT_EQ(list.frames, frames);
    EXPECT_EQ(clips.History("list", 1'000'000)->size(), list.version);
    clips_ = std::move(found);
    version_ = list.version;
    trying_.clear();
  }

  size_t clip_ids() const { return entry_of_.size(); }

 private:
  // Not at all where `clip_id` is 0.
  static void ExpectMatched(const KnownClips& clips, const Clip& clip,
                            uint64_t clip_id) {
    std::vector<Hash256> hashes;
    for (const ReferenceFrame& frame : clip.frames) {
      if (hashes.size() < 40) hashes.push_back(frame.hash);
    }
    const auto matches =
        clips.Match(MakeUpload(hashes, absl::Milliseconds(250)));
    if (clip_id == 0) {
      EXPECT_TRUE(matches.empty()) << clip.entry_id;
      return;
    }
    ASSERT_FALSE(matches.empty()) << clip.entry_id;
    EXPECT_EQ(matches[0].clip_id, clip_id);
  }

  // A clip id is one publication's for ever.
  void Use(const std::string& id, uint64_t clip_id) {
    EXPECT_EQ(entry_of_.try_emplace(clip_id, id).first->second, id);
  }

  std::map<std::string, uint64_t> clips_;
  std::set<std::string> trying_;
  std::map<uint64_t, std::string> entry_of_;
  int64_t version_ = 0;
};

// Returns for how many of the rounds a saved search structure was there.
int RunRounds(int first, int last, int max_lines, const std::string& directory,
              Model* model) {
  Random random(first);
  int restored = 0;
  for (int round = first; round < last && !testing::Test::HasFailure();
       ++round) {
    const int lines = 1 + Below(max_lines, random);
    for (const std::string& line : WorkAndKill(directory, round, lines)) {
      model->Add(line);
    }
    const auto clips = MustOpen(directory);
    if (clips == nullptr) return 0;
    restored += clips->rebuilt_because().ok();
    model->ExpectIn(*clips);
  }
  return restored;
}

TEST(KnownClipsCrashTest, NothingAcknowledgedIsLostAndNothingIsHalfThere) {
  Model model;
  RunRounds(0, kRounds, 400, MakeTempDirectory(), &model);
  EXPECT_GT(model.clip_ids(), 200);
}

TEST(KnownClipsCrashTest, NothingIsLostWhileSegmentsAreMergedAndSaved) {
  Model model;
  const int restored = RunRounds(kRounds, kRounds + kLargeRounds, 120,
                                 MakeTempDirectory(), &model);
  EXPECT_GT(model.clip_ids(), 200);
  EXPECT_GT(restored, kLargeRounds / 2);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  if (argc == 4) {
    return lenscap::Work(argv[1], std::atoi(argv[2]), std::atoi(argv[3]));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
