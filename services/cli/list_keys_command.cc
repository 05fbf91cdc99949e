#include "services/cli/list_keys_command.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/ed25519.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "lists/issuer_keys.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

absl::Status Generate(const std::string& path) {
  if (std::filesystem::exists(path)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there already; no key is overwritten"));
  }
  const auto key = Ed25519PrivateKey::Generate();
  RETURN_IF_ERROR(WritePublicKey(path + ".pub", key.public_key()));
  RETURN_IF_ERROR(WritePrivateKey(path, key));
  std::cout << KeyId(key.public_key()) << "\n";
  return absl::OkStatus();
}

absl::Status AddKeys(const std::vector<std::string>& files, IssuerKeys* keys) {
  const absl::Time now = Clock::Real()->Now();
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(const Ed25519PublicKey key, ReadPublicKey(file));
    keys->keys.push_back({key, now});
  }
  return absl::OkStatus();
}

absl::Status WriteKeySet(const IssuerKeys& keys, const std::string& path) {
  ASSIGN_OR_RETURN(const std::string document, FormatIssuerKeys(keys));
  RETURN_IF_ERROR(WriteSmallFile(path, document));
  std::cout << "version " << keys.version << " of the keys of "
            << Printable(keys.issuer) << ": " << keys.threshold << " of "
            << keys.keys.size() << " sign\n";
  return absl::OkStatus();
}

absl::Status Make(const NewKeySetOptions& options) {
  IssuerKeys keys;
  keys.issuer = options.issuer;
  keys.version = 1;
  keys.threshold = options.threshold;
  keys.expires = options.expires;
  RETURN_IF_ERROR(AddKeys(options.public_keys, &keys));
  return WriteKeySet(keys, options.output);
}

absl::Status RevokeKey(const std::string& key_id, const std::string& reason,
                       IssuerKeys* keys) {
  const auto it = std::find_if(
      keys->keys.begin(), keys->keys.end(),
      [&](const IssuerKey& key) { return KeyId(key.key) == key_id; });
  if (it == keys->keys.end()) {
    return absl::NotFoundError(
        absl::StrCat("key ", key_id, " is not in the key set"));
  }
  keys->revoked.push_back({it->key, Clock::Real()->Now(), reason});
  keys->keys.erase(it);
  return absl::OkStatus();
}

absl::Status Rotate(const RotateKeySetOptions& options) {
  ASSIGN_OR_RETURN(const std::string document,
                   ReadSmallFile(options.key_set, kMaxKeySetBytes));
  ASSIGN_OR_RETURN(IssuerKeys keys, ParseIssuerKeys(document));
  ++keys.version;
  for (const std::string& key_id : options.revoked) {
    RETURN_IF_ERROR(RevokeKey(key_id, options.reason, &keys));
  }
  RETURN_IF_ERROR(AddKeys(options.added, &keys));
  keys.threshold = options.threshold.value_or(keys.threshold);
  keys.expires = options.expires.value_or(keys.expires);
  return WriteKeySet(keys, options.output);
}

ExitCode Answer(const absl::Status& status) {
  return status.ok() ? ExitCode::kOk : Fail(status, ExitCode::kUnreadable);
}

}  // namespace

ExitCode Run(const KeygenOptions& options) {
  return Answer(Generate(options.path));
}

ExitCode Run(const NewKeySetOptions& options) { return Answer(Make(options)); }

ExitCode Run(const RotateKeySetOptions& options) {
  return Answer(Rotate(options));
}

}  // namespace lenscap::cli
