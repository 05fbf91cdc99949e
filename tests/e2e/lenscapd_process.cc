#include "tests/e2e/lenscapd_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"
#include "gtest/gtest.h"
#include "tests/support/media_files.h"
#include "tests/support/paths.h"

namespace lenscap {
namespace {

constexpr absl::string_view kReady = "lenscapd listening on ";

// Beside the test's other files, whether Bazel runs it or a person does.
std::string Binary() {
  const std::string below = "services/lenscapd";
  const std::string own = std::filesystem::read_symlink("/proc/self/exe");
  const std::string runfiles = own + ".runfiles/lenscap/" + below;
  return std::filesystem::exists(below) ? below : runfiles;
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void Become(const std::vector<char*>& arguments,
                         const char* directory, int output, int log) {
  if (chdir(directory) != 0) _exit(127);
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(arguments[0], arguments.data());
  _exit(127);
}

// Starts lenscapd with `flags`; `output` becomes the reading end of its
// standard output.
pid_t Spawn(const LenscapdProcess::Options& options,
            std::vector<std::string> flags, const std::string& log_file,
            int* output) {
  const std::string binary = options.binary.empty() ? Binary() : options.binary;
  flags.insert(flags.begin(), std::filesystem::absolute(binary));
#ifdef LENSCAP_SANITIZER
  flags.push_back("--unjailed_decoder");  // A sanitizer cannot work in a jail.
#endif
  std::vector<char*> arguments;
  for (std::string& flag : flags) arguments.push_back(flag.data());
  arguments.push_back(nullptr);
  const std::string directory =
      options.working_directory.empty() ? "." : options.working_directory;
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const int log =
      open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t pid = fork();
  if (pid == 0) {
    Become(arguments, directory.c_str(), ends[1], log);
  }
  close(ends[1]);
  close(log);
  *output = ends[0];
  return pid;
}

std::string ReadToEnd(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(descriptor, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, n);
  }
  return text;
}

std::string ReadLine(int descriptor) {
  std::string line;
  for (char c; read(descriptor, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

int ExitCode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int WaitForEnd(pid_t pid) {
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return ExitCode(status);
}

}  // namespace

LenscapdProcess::Ended LenscapdProcess::Run(
    const std::vector<std::string>& flags) {
  const std::string log_file = MakeTempDirectory() + "/log";
  int output = -1;
  const pid_t pid = Spawn({}, flags, log_file, &output);
  Ended ended;
  ended.output = ReadToEnd(output);
  close(output);
  ended.exit_code = WaitForEnd(pid);
  ended.log = ReadFileBytes(log_file);
  return ended;
}

std::unique_ptr<LenscapdProcess> LenscapdProcess::Start(
    const Options& options) {
  std::vector<std::string> flags = {
      absl::StrCat("--data_directory=", options.data_directory),
      "--listen=127.0.0.1:0"};
  flags.insert(flags.end(), options.flags.begin(), options.flags.end());
  auto process = std::unique_ptr<LenscapdProcess>(new LenscapdProcess);
  process->log_file_ = MakeTempDirectory() + "/log";
  int output = -1;
  process->pid_ = Spawn(options, flags, process->log_file_, &output);
  const std::string line = ReadLine(output);
  close(output);
  absl::string_view address = line;
  if (!absl::ConsumePrefix(&address, kReady)) {
    ADD_FAILURE() << "lenscapd did not start: " << process->Log();
    return nullptr;
  }
  process->address_ = std::string(address);
  if (options.max_file_bytes > 0) {
    const auto bytes = static_cast<rlim_t>(options.max_file_bytes);
    const rlimit limit = {bytes, bytes};
    EXPECT_EQ(prlimit(process->pid_, RLIMIT_FSIZE, &limit, nullptr), 0);
  }
  return process;
}

LenscapdProcess::~LenscapdProcess() {
  if (pid_ > 0) Stop(SIGKILL);
}

std::shared_ptr<grpc::Channel> LenscapdProcess::Connect() const {
  grpc::ChannelArguments arguments;
  // Its own connection, not one that is shared with an earlier process that
  // happened to have the same port.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(),
                                   arguments);
}

std::optional<int> LenscapdProcess::CheckEnded() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  pid_ = -1;
  return ExitCode(status);
}

int LenscapdProcess::Stop(int signal) {
  kill(pid_, signal);
  return WaitForEnd(std::exchange(pid_, -1));
}

std::string LenscapdProcess::Log() const { return ReadFileBytes(log_file_); }

}  // namespace lenscap
