#include "tests/support/media_files.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "gtest/gtest.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

// Runs `command` with its two outputs in files; its wait status, or -1.
int Run(const std::vector<std::string>& command, const std::string& out_path,
        const std::string& error_path) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);

  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
                                   O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_path.c_str(),
                                   kFlags, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, error_path.c_str(),
                                   kFlags, 0600);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    ADD_FAILURE() << "cannot start " << command[0] << ": " << strerror(error);
    return -1;
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child) return -1;
  return status;
}

}  // namespace

std::string MakeMedia(const std::string& name,
                      const std::vector<std::string>& ffmpeg_args) {
  std::string path = MakeTempDirectory() + "/" + name;
  std::vector<std::string> command = {"ffmpeg",    "-nostdin", "-hide_banner",
                                      "-loglevel", "error",    "-y"};
  command.insert(command.end(), ffmpeg_args.begin(), ffmpeg_args.end());
  command.insert(command.end(), {"-threads", "1", "-bitexact", path});
  OutputOf(command);
  return path;
}

std::string OutputOf(const std::vector<std::string>& command) {
  const std::string directory = MakeTempDirectory();
  const std::string out_path = directory + "/stdout";
  const std::string error_path = directory + "/stderr";
  const int status = Run(command, out_path, error_path);
  if (status != 0) {
    ADD_FAILURE() << testing::PrintToString(command)
                  << " ended with wait status " << status << ":\n"
                  << ReadFileBytes(error_path);
  }
  return ReadFileBytes(out_path);
}

std::string ReadFileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) ADD_FAILURE() << "cannot read " << path;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string WriteTempFile(const std::string& name, const std::string& bytes) {
  std::string path = MakeTempDirectory() + "/" + name;
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  if (!file.flush()) ADD_FAILURE() << "cannot write " << path;
  return path;
}

}  // namespace lenscap
