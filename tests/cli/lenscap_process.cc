#include "tests/cli/lenscap_process.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap::cli {
namespace {

// `bazel test` starts a test in its runfiles; by hand it starts anywhere.
std::string Runfile(const std::string& path) {
  if (std::filesystem::exists(path)) return std::filesystem::absolute(path);
  return std::filesystem::read_symlink("/proc/self/exe").string() +
         ".runfiles/lenscap/" + path;
}

std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Everything is made before the fork: after it, in a test with threads, only
// system calls are safe.
struct Image {
  Image(const std::string& path, const std::vector<std::string>& arguments,
        const std::map<std::string, std::string>& variables)
      : words(arguments) {
    words.insert(words.begin(), path);
    for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "TSAN_OPTIONS"}) {
      const char* value = std::getenv(name);
      if (value != nullptr)
        environment.push_back(std::string(name) + "=" + value);
    }
    for (const auto& [name, value] : variables) {
      environment.push_back(name + "=" + value);
    }
    argv = Pointers(words);
    envp = Pointers(environment);
  }
  [[noreturn]] void Execute() {
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  std::vector<std::string> words;
  std::vector<std::string> environment;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

int ExitCodeOf(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string ReadAll(int descriptor) {
  std::string all;
  char buffer[4096];
  while (true) {
    const ssize_t n = read(descriptor, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return all;  // A terminal ends with EIO.
    all.append(buffer, static_cast<size_t>(n));
  }
}

}  // namespace

std::string LenscapPath() { return Runfile("services/cli/lenscap"); }
std::string LenscapdPath() { return Runfile("services/lenscapd"); }

Outcome Lenscap(const std::vector<std::string>& arguments,
                const ProcessOptions& options) {
  Image image(LenscapPath(), arguments, options.environment);
  const std::string directory = MakeTempDirectory();
  const std::string out = directory + "/out", err = directory + "/err";
  const pid_t child = fork();
  if (child == 0) {
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
    dup2(open(options.input_file.c_str(), O_RDONLY), STDIN_FILENO);
    dup2(open(out.c_str(), kFlags, 0600), STDOUT_FILENO);
    dup2(open(err.c_str(), kFlags, 0600), STDERR_FILENO);
    image.Execute();
  }
  Outcome outcome;
  outcome.exit_code = ExitCodeOf(child);
  outcome.out = ReadFileBytes(out);
  outcome.err = ReadFileBytes(err);
  return outcome;
}

Outcome LenscapOnTerminal(const std::vector<std::string>& arguments,
                          uint16_t columns) {
  Image image(LenscapPath(), arguments, {{"TERM", "xterm"}});
  winsize size{};
  size.ws_col = columns;
  size.ws_row = 24;
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) image.Execute();
  Outcome outcome;
  outcome.out = ReadAll(terminal);
  outcome.exit_code = ExitCodeOf(child);
  close(terminal);
  return outcome;
}

Process::Process(const std::string& path,
                 const std::vector<std::string>& arguments) {
  Image image(path, arguments, {});
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  child_ = fork();
  if (child_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    image.Execute();
  }
  close(ends[1]);
  out_ = ends[0];
}

Process::~Process() {
  if (child_ > 0) kill(child_, SIGKILL);
  if (child_ > 0) ExitCodeOf(child_);
  close(out_);
}

std::string Process::ReadLine() {
  std::string line;
  char c = 0;
  while (true) {
    const ssize_t n = read(out_, &c, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0 || c == '\n') return line;
    line += c;
  }
}

int Process::Stop() {
  kill(child_, SIGTERM);
  const int code = ExitCodeOf(child_);
  child_ = -1;
  return code;
}

ServerProcess::ServerProcess(const std::string& data_directory)
    : process_(LenscapdPath(),
               {"--data_directory=" + data_directory, "--listen=127.0.0.1:0"}) {
  const std::string line = process_.ReadLine();
  address_ = line.substr(line.rfind(' ') + 1);
  if (address_.empty()) ADD_FAILURE() << "lenscapd did not start";
}

}  // namespace lenscap::cli
