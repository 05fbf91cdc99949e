#include "services/cli/server_command.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"

namespace lenscap::cli {
namespace {

constexpr char kServer[] = "lenscapd";

// An absolute path, or the bare name for execvp to look up.
std::string FindServer() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return kServer;
  const auto here = self.parent_path();
  for (const auto& directory : {here, here.parent_path()}) {
    std::string path = directory / kServer;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return kServer;
}

}  // namespace

ExitCode Run(const RunServerOptions& options) {
  std::string program = FindServer();
  std::vector<std::string> words = options.flags;
  std::vector<char*> arguments = {program.data()};
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(program.c_str(), arguments.data());
  return Fail(absl::ErrnoToStatus(errno, program));
}

}  // namespace lenscap::cli
