// lenscap list keygen, keys, sign, verify, make

#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

// "2027-01-31", which is its first moment in UTC, or RFC 3339.
absl::Time ParseTime(const std::string& name, const std::string& text) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d", text, absl::UTCTimeZone(), &time, &error) &&
      !absl::ParseTime(absl::RFC3339_full, text, &time, &error)) {
    Refuse(name, absl::StrCat("'", text,
                              "' is no time, such as 2027-01-31 or "
                              "2027-01-31T12:00:00Z"));
  }
  return time;
}

template <typename Time>
CLI::Option* AddExpires(CLI::App& command, Time& time,
                        const std::string& description) {
  return command
      .add_option_function<std::string>(
          "--expires",
          [&time](const std::string& text) {
            time = ParseTime("--expires", text);
          },
          description)
      ->type_name("TIME");
}

void AddOutput(CLI::App& command, std::string& path) {
  command.add_option("-o,--output", path, "Where to write it")
      ->required()
      ->type_name("FILE");
}

// Each time it is given, one value: what follows may be an argument.
void AddRepeated(CLI::App& command, const std::string& name,
                 std::vector<std::string>& values, const std::string& type,
                 const std::string& description) {
  command.add_option(name, values, description)
      ->type_name(type)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void AddPrevious(CLI::App& command, std::vector<std::string>& files) {
  AddRepeated(command, "--previous", files, "FILE",
              "A file of the list before this one; several,\n"
              "oldest first, since the last snapshot");
}

void AddKeys(Grammar& grammar, CLI::App& list) {
  auto [keygen, keygen_options] = grammar.Add<KeygenOptions>(
      list, "keygen", "Make a key: FILE, to be kept, and FILE.pub");
  AddName(*keygen, "FILE", keygen_options->path, "Must not be there");

  CLI::App* keys =
      list.add_subcommand("keys", "Say who signs an issuer's lists");
  keys->require_subcommand(1);
  auto [made, options] = grammar.Add<NewKeySetOptions>(
      *keys, "new", "Make an issuer's first key set");
  made->add_option("KEY", options->public_keys, "Files of public keys")
      ->required()
      ->type_name("");
  AddOutput(*made, options->output);
  made->add_option("--issuer", options->issuer, "Whose keys they are")
      ->required()
      ->type_name("NAME");
  made->add_option("--threshold", options->threshold, "So many keys must sign")
      ->type_name("N")
      ->default_str("1");
  AddExpires(*made, options->expires, "Until when they sign")->required();

  auto [rotated, rotate_options] = grammar.Add<RotateKeySetOptions>(
      *keys, "rotate", "Make the key set after one",
      [](RotateKeySetOptions& options) {
        if (options.revoked.empty() == options.reason.empty()) return;
        Refuse("--reason", "goes with --revoke");
      });
  AddName(*rotated, "KEYSET", rotate_options->key_set, "The key set so far");
  AddOutput(*rotated, rotate_options->output);
  AddRepeated(*rotated, "--add", rotate_options->added, "FILE",
              "A public key that signs from now on");
  AddRepeated(*rotated, "--revoke", rotate_options->revoked, "ID",
              "A key that signs no more");
  rotated->add_option("--reason", rotate_options->reason, "Why it is revoked")
      ->type_name("TEXT");
  rotated
      ->add_option("--threshold", rotate_options->threshold,
                   "So many keys must sign")
      ->type_name("N");
  AddExpires(*rotated, rotate_options->expires, "Until when they sign");
}

void AddSignAndVerify(Grammar& grammar, CLI::App& list) {
  auto [sign, sign_options] = grammar.Add<SignOptions>(
      list, "sign", "Sign a list file or a key set, in FILE.jws");
  AddName(*sign, "FILE", sign_options->file, "A list file or a key set");
  sign->add_option("--key", sign_options->key, "The private key")
      ->required()
      ->type_name("FILE");

  auto [verify, options] = grammar.Add<VerifyOptions>(
      list, "verify", "Check a list file or a key set, and who signed");
  AddName(*verify, "FILE", options->file, "A list file or a key set");
  verify
      ->add_option("--keys", options->key_set,
                   "The issuer's key set; of a key set, the one\nbefore it, or "
                   "the first itself")
      ->required()
      ->type_name("FILE");
  verify
      ->add_option("--signature", options->signature,
                   "Its signatures (default: FILE.jws)")
      ->type_name("FILE");
  AddPrevious(*verify, options->previous);
}

void AddMake(Grammar& grammar, CLI::App& list) {
  auto [make, options] = grammar.Add<MakeListOptions>(
      list, "make", "Make a list file of lines of entries",
      [](MakeListOptions& options) {
        if (!options.previous.empty()) return;
        if (options.list_id.empty()) Refuse("--list", "is required");
        if (options.issuer.empty()) Refuse("--issuer", "is required");
      });
  AddName(*make, "ENTRIES", options->entries, "A file, one entry a line");
  AddOutput(*make, options->output);
  AddPrevious(*make, options->previous);
  make->add_option("--list", options->list_id,
                   "The list's id (this and what follows,\n"
                   "default: as in the last --previous)")
      ->type_name("ID");
  make->add_option("--issuer", options->issuer, "Who answers for it")
      ->type_name("NAME");
  make->add_option("--legal-basis", options->legal_basis, "Why it may be kept")
      ->type_name("TEXT");
  AddRepeated(*make, "--jurisdiction", options->jurisdictions, "CODE",
              "Where it holds: two letters, or EU; several");
  grammar.AddChoice<std::optional<ListPurpose>>(
      *make, "--purpose", options->purpose,
      {{"known_clips", ListPurpose::kKnownClips},
       {"never_match", ListPurpose::kNeverMatch}},
      "What it is for (else: known_clips)");
  AddExpires(*make, options->expires, "Until when it is good")->required();
  make->add_flag("--delta", options->delta,
                 "The entries change the list so far; else they\n"
                 "are all of it");
  make->add_flag("--zstd", options->compress, "Compress it");
}

}  // namespace

void AddListFileCommands(Grammar& grammar, CLI::App& list) {
  AddKeys(grammar, list);
  AddSignAndVerify(grammar, list);
  AddMake(grammar, list);
}

}  // namespace lenscap::cli
