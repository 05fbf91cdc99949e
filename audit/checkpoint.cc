#include "audit/checkpoint.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "audit/sealed_line.h"
#include "audit/segments.h"
#include "base/status_macros.h"
#include "nlohmann/json.hpp"

namespace lenscap {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSeal[] = "signature";
// What a signature of this program's is over begins like this, so that none can
// be taken for one over something else.
constexpr char kBegin[] = "{\"checkpoint\":1,";

std::string StringOf(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it == object.end() || !it->is_string() ? "" : it->get<std::string>();
}

std::optional<Sha256> DigestOf(const Json& object, const char* name) {
  const std::string hex = StringOf(object, name);
  const std::string bytes = absl::HexStringToBytes(hex);
  if (hex.size() != 2 * sizeof(Sha256) ||
      absl::BytesToHexString(bytes) != hex) {
    return std::nullopt;
  }
  Sha256 digest = {};
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

absl::Status CheckSignature(const SealedLine& sealed,
                            const Ed25519PublicKey& key) {
  Ed25519Signature signature = {};
  std::copy(sealed.seal.begin(), sealed.seal.end(), signature.begin());
  if (Verify(key, sealed.body, signature)) return absl::OkStatus();
  return absl::InvalidArgumentError("the key has not signed this checkpoint");
}

// Whether a crash may have left the line like this.
bool IsCutShort(const AuditLineReader::Line& line) {
  return !line.whole && !absl::StrContains(line.text, "\"}");
}

// Bytes up to the end of the last whole line.
absl::StatusOr<uint64_t> WholeLines(const std::string& path) {
  uint64_t bytes = 0;
  ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(path));
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line || IsCutShort(*line)) return bytes;
    bytes = line->start + line->text.size() + (line->whole ? 1 : 0);
  }
}

}  // namespace

Checkpoint CheckpointOf(const AuditLog& log, absl::Time now) {
  const AuditLog::Head head = log.head();
  return {.log = log.id(),
          .sequence = head.sequence,
          .sha256 = head.sha256,
          .time = absl::FromUnixMicros(absl::ToUnixMicros(now))};
}

std::string SignCheckpoint(const Checkpoint& checkpoint,
                           const Ed25519PrivateKey& key) {
  std::string body =
      absl::StrCat(kBegin, "\"log\":\"", ToHex(checkpoint.log),
                   "\",\"sequence\":", checkpoint.sequence, ",\"sha256\":\"",
                   ToHex(checkpoint.sha256), "\",\"time\":\"",
                   FormatAuditTime(checkpoint.time), "\"");
  const Ed25519Signature signature = key.Sign(body);
  return SealLine(std::move(body), kSeal, ToBytes(signature));
}

absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view line,
                                          const Ed25519PublicKey& key) {
  const auto sealed = SplitSealedLine(line, kSeal, sizeof(Ed25519Signature));
  if (!sealed || sealed->body.substr(0, sizeof(kBegin) - 1) != kBegin) {
    return absl::InvalidArgumentError("this is no checkpoint");
  }
  RETURN_IF_ERROR(CheckSignature(*sealed, key));
  const Json object = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!object.is_object()) {
    return absl::InvalidArgumentError("this is no checkpoint");
  }
  const auto log = DigestOf(object, "log");
  const auto sha256 = DigestOf(object, "sha256");
  const auto time = ParseAuditTime(StringOf(object, "time"));
  const auto sequence = object.find("sequence");
  if (!log || !sha256 || !time || sequence == object.end() ||
      !sequence->is_number_unsigned()) {
    return absl::InvalidArgumentError("the checkpoint lacks a member");
  }
  return Checkpoint{*log, sequence->get<uint64_t>(), *sha256, *time};
}

std::string CheckpointsPath(const std::string& directory) {
  return directory + "/checkpoints.ndjson";
}

absl::Status AddCheckpointLine(const std::string& directory,
                               absl::string_view line) {
  const std::string path = CheckpointsPath(directory);
  const int file =
      open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  absl::Status added;
  const std::string bytes = absl::StrCat(line, "\n");
  const auto whole = WholeLines(path);
  const bool cut =
      whole.ok() && ftruncate(file, static_cast<off_t>(*whole)) == 0;
  const ssize_t written = cut ? write(file, bytes.data(), bytes.size()) : -1;
  if (written != std::ssize(bytes) || fdatasync(file) != 0) {
    added = absl::ErrnoToStatus(written < 0 ? errno : ENOSPC, path);
  }
  close(file);
  return added;
}

absl::StatusOr<Checkpoint> LastCheckpoint(const std::string& directory,
                                          const Ed25519PublicKey& key) {
  ASSIGN_OR_RETURN(AuditLineReader lines,
                   AuditLineReader::Open(CheckpointsPath(directory)));
  std::optional<AuditLineReader::Line> last;
  while (true) {
    ASSIGN_OR_RETURN(auto line, lines.Next());
    if (!line || IsCutShort(*line)) break;
    last = std::move(line);
  }
  if (!last) return absl::NotFoundError("there is no checkpoint yet");
  return OpenCheckpoint(last->text, key);
}

absl::StatusOr<std::vector<Checkpoint>> ReadCheckpoints(
    const std::string& path, const Ed25519PublicKey& key) {
  std::vector<Checkpoint> checkpoints;
  ASSIGN_OR_RETURN(AuditLineReader lines, AuditLineReader::Open(path));
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line) return checkpoints;
    if (IsCutShort(*line)) return checkpoints;
    const auto opened = OpenCheckpoint(line->text, key);
    if (opened.ok()) {
      checkpoints.push_back(*opened);
    } else {
      return absl::DataLossError(absl::StrCat(path, ":", line->number, ": ",
                                              opened.status().message()));
    }
  }
}

}  // namespace lenscap
