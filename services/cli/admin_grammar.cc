// lenscap admin ...

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "services/cli/grammar.h"

namespace lenscap::cli {
namespace {

// "90d", or what Abseil reads: "36h", "30m".
absl::Duration Lifetime(const std::string& text) {
  absl::string_view digits = text;
  int days = 0;
  absl::Duration lifetime;
  if (absl::ConsumeSuffix(&digits, "d") && absl::SimpleAtoi(digits, &days)) {
    lifetime = absl::Hours(24) * days;
  } else if (!absl::ParseDuration(text, &lifetime)) {
    lifetime = absl::ZeroDuration();
  }
  if (lifetime <= absl::ZeroDuration()) {
    Refuse("--expires",
           absl::StrCat("'", text, "' is no duration, such as 90d or 12h"));
  }
  return lifetime;
}

void AddCreate(Grammar& grammar, CLI::App& token) {
  auto [create, options] = grammar.Add<CreateTokenOptions>(
      token, "create", "Make a token, and print its secret",
      [](CreateTokenOptions& options) {
        if ((options.role == v1::CALLER_ROLE_REGULATOR) ==
            options.issuer.empty()) {
          Refuse("--issuer", "goes with --role=regulator, and only with it");
        }
      });
  grammar.AddChoice<v1::CallerRole>(*create, "--role", options->role,
                                    {{"platform", v1::CALLER_ROLE_PLATFORM},
                                     {"regulator", v1::CALLER_ROLE_REGULATOR},
                                     {"reviewer", v1::CALLER_ROLE_REVIEWER},
                                     {"admin", v1::CALLER_ROLE_ADMIN},
                                     {"auditor", v1::CALLER_ROLE_AUDITOR}},
                                    "What its holder may do");
  create->get_option("--role")->required();
  create
      ->add_option("--name", options->name,
                   "Whose it is, as lists, cases and the\naudit log name them")
      ->required()
      ->type_name("NAME");
  create
      ->add_option("--issuer", options->issuer,
                   "Of a regulator: the issuer of its lists")
      ->type_name("NAME");
  create
      ->add_option("--tenant", options->tenant,
                   "Of a platform: its only tenant (default: any)")
      ->type_name("NAME");
  create
      ->add_option("--class", options->platform_class,
                   "Of a platform: its kind, for reports")
      ->type_name("WORD");
  create
      ->add_option("--skills", options->skills,
                   "Of a reviewer: what cases may ask for")
      ->delimiter(',')
      ->type_name("WORD,...");
  create
      ->add_option("--languages", options->languages,
                   "Of a reviewer: which they read, as zh,en (default: any)")
      ->delimiter(',')
      ->type_name("TAG,...");
  create
      ->add_option("--tenants", options->tenants,
                   "Of a reviewer: whose cases they see (default: all)")
      ->delimiter(',')
      ->type_name("NAME,...");
  auto* valid_for = &options->valid_for;
  create
      ->add_option_function<std::string>(
          "--expires",
          [valid_for](const std::string& text) { *valid_for = Lifetime(text); },
          "After how long (default: 90d)")
      ->type_name("DURATION");
  create->add_option("--reason", options->reason, "For the audit log")
      ->type_name("TEXT");
}

void AddTakeUp(Grammar& grammar, CLI::App& issuer, const std::string& name,
               const std::string& description, bool rotate) {
  auto [take_up, options] = grammar.Add<TakeUpKeysOptions>(
      issuer, name, description,
      [rotate](TakeUpKeysOptions& options) { options.rotate = rotate; });
  AddName(*take_up, "KEYSET", options->key_set, "The file of the key set");
  take_up
      ->add_option("--signatures", options->signatures,
                   "Its signatures (default: KEYSET.jws)")
      ->type_name("FILE");
  take_up->add_option("--reason", options->reason, "For the audit log")
      ->type_name("TEXT");
}

void AddIssuers(Grammar& grammar, CLI::App& admin) {
  CLI::App* issuer =
      admin.add_subcommand("issuer", "Whose signatures on lists count");
  issuer->require_subcommand(1);
  AddTakeUp(grammar, *issuer, "install",
            "Trust a key set because an admin vouches for it",
            /*rotate=*/false);
  AddTakeUp(grammar, *issuer, "rotate",
            "Trust a key set because the one before does",
            /*rotate=*/true);
  auto [revoke, revoked] = grammar.Add<RevokeKeyOptions>(
      *issuer, "revoke-key", "Trust a key no more, whatever its issuer says");
  AddName(*revoke, "ISSUER", revoked->issuer, "Whose it is");
  AddName(*revoke, "KEY", revoked->key_id, "Its id, from 'issuer list'");
  revoke->add_option("--reason", revoked->reason, "For the audit log")
      ->required()
      ->type_name("TEXT");
  grammar.Add<ListIssuersOptions>(*issuer, "list",
                                  "Issuers, and the keys that count now");
}

void AddCertificates(Grammar& grammar, CLI::App& admin) {
  auto [certificates, options] = grammar.Add<CertificatesOptions>(
      admin, "certificates",
      "Make an authority for development, and a\n"
      "certificate for the server and each role");
  AddName(*certificates, "DIR", options->directory, "Where they go");
  certificates
      ->add_option("--host", options->hosts,
                   "A name or address of the server, beside\nthis machine's")
      ->type_name("NAME");
  certificates
      ->add_option("--issuer", options->issuer,
                   "Whose lists the regulator's is for\n(default: development)")
      ->type_name("NAME");
}

}  // namespace

void AddAdminCommands(Grammar& grammar) {
  CLI::App* admin = grammar.app.add_subcommand(
      "admin", "Say who may call, and find out who one is");
  admin->require_subcommand(1);
  grammar.Add<WhoAmIOptions>(*admin, "whoami",
                             "Who the server takes the caller for");
  CLI::App* token =
      admin->add_subcommand("token", "Tokens that sign callers in");
  token->require_subcommand(1);
  AddCreate(grammar, *token);
  grammar.Add<ListTokensOptions>(*token, "list",
                                 "Tokens, without their secrets");
  auto [revoke, revoked] =
      grammar.Add<RevokeTokenOptions>(*token, "revoke", "End a token at once");
  AddName(*revoke, "TOKEN", revoked->token_id, "Its id, from 'token list'");
  revoke->add_option("--reason", revoked->reason, "For the audit log")
      ->required()
      ->type_name("TEXT");
  AddIssuers(grammar, *admin);
  AddCertificates(grammar, *admin);
}

}  // namespace lenscap::cli
