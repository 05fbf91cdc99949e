#include "services/cli/sign_file.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/ed25519.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "lists/list_signature.h"
#include "lists/signed_payload.h"
#include "services/cli/text.h"

namespace lenscap::cli {

std::string SignaturePath(const std::string& file) { return file + ".jws"; }

absl::StatusOr<std::string> SignFile(const std::string& file,
                                     const std::string& key_path) {
  ASSIGN_OR_RETURN(const Ed25519PrivateKey key, ReadPrivateKey(key_path));
  ASSIGN_OR_RETURN(ListSignature signature,
                   Sign(SignedPayload::File(file), key));
  const std::string path = SignaturePath(file);
  std::vector<ListSignature> signatures;
  const auto jws = ReadSmallFile(path, kMaxSignatureBytes);
  if (!jws.ok() && !absl::IsNotFound(jws.status())) return jws.status();
  if (jws.ok()) {
    auto parsed = ParseSignatures(*jws);
    if (!parsed.ok()) {
      return absl::Status(parsed.status().code(),
                          absl::StrCat(path, ": ", parsed.status().message()));
    }
    signatures = *std::move(parsed);
  }
  std::erase_if(signatures, [&](const ListSignature& one) {
    return one.key_id == signature.key_id;
  });
  signatures.push_back(std::move(signature));
  const std::string text = FormatSignatures(signatures);
  RETURN_IF_ERROR(ParseSignatures(text).status());  // Not too many.
  RETURN_IF_ERROR(WriteSmallFile(path, text));
  return absl::StrCat(Printable(path), ": ", signatures.size(),
                      " signatures\n");
}

}  // namespace lenscap::cli
