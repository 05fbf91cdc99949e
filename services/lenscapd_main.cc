// lenscapd: the whole service in one process, over one data directory.

#include <signal.h>

#include <cstdint>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "media/decoder_pool.h"
#include "models/cue_model.h"
#include "prometheus/exposer.h"
#include "services/cue_models.h"
#include "services/default_policy.h"
#include "services/default_review_policy.h"
#include "services/listen_flags.h"
#include "services/log.h"
#include "services/metrics.h"
#include "services/server.h"
#include "services/tenants.h"
#include "services/ticker.h"
#include "services/web/web_flags.h"
#include "takedown/review_policy.h"
#include "verdict/policy.h"

ABSL_FLAG(std::string, data_directory, "",
          "Holds everything that must last; made if absent. Required.");
ABSL_FLAG(std::vector<std::string>, roles,
          (std::vector<std::string>{"scan", "lists", "review", "listings"}),
          "Which services to offer: any of scan, lists, review, listings.");
ABSL_FLAG(std::string, policy, "",
          "The policy file to decide by; without one, the policy built in.");
ABSL_FLAG(std::string, review_policy, "",
          "The review policy file: clocks, second reviews, budgets; without "
          "one, the review policy built in.");
ABSL_FLAG(bool, print_default_review_policy, false,
          "Prints the review policy built in, and exits.");
ABSL_FLAG(bool, print_default_policy, false,
          "Prints the policy built in, and exits.");
ABSL_FLAG(std::string, models, "",
          "Directory of the cue model's numbered versions; without a model, "
          "reports come without cues.");
ABSL_FLAG(std::string, shadow_models, "",
          "Directory of versions of a second cue model, whose cues are "
          "reported and counted beside the first's and never acted on.");
ABSL_FLAG(absl::Duration, models_refresh, absl::Seconds(30),
          "How often to look for a newer version of the models.");
ABSL_FLAG(std::vector<std::string>, media_root, {},
          "Directories, with commas between them, that callers may name files "
          "in by \"file:\" URIs.");
ABSL_FLAG(int, scan_workers, 0, "Scans at a time; 0 means one per core.");
ABSL_FLAG(absl::Duration, scan_deadline, absl::Minutes(30),
          "A scan that takes longer is given up.");
ABSL_FLAG(int, scan_attempts, 3,
          "A submitted scan that so many crashes cut short is given up.");
ABSL_FLAG(
    std::string, decoder, "",
    "The program that decodes, in a jail; lenscap_decoder beside this one "
    "without it.");
ABSL_FLAG(absl::Duration, decoder_cpu, absl::Minutes(30),
          "CPU time after which the decoding of a file is given up.");
ABSL_FLAG(absl::Duration, decoder_silence, absl::Seconds(30),
          "A decoder that gives no sign of life for so long is killed.");
ABSL_FLAG(int, decoder_memory, 1024,
          "MiB that a decoder may take beside the pictures it hands over.");
ABSL_FLAG(bool, unjailed_decoder, false,
          "Decodes even where the kernel has no seccomp filters to jail the "
          "decoder with; uploads are then only a bug of FFmpeg away from all "
          "that this user may do.");
ABSL_FLAG(int, tenant_uploads, lenscap::TenantLimits().uploads,
          "Uploads that one tenant may have open at a time, a direct scan's "
          "until its report; 0 is without a bound.");
ABSL_FLAG(int, tenant_running_scans, lenscap::TenantLimits().running_scans,
          "Scans of one tenant at a time; more wait for their turn. 0 is "
          "without a bound.");
ABSL_FLAG(int, tenant_waiting_scans, lenscap::TenantLimits().waiting_scans,
          "Submitted scans of one tenant that may wait; 0 is without a bound.");
ABSL_FLAG(int64_t, tenant_bytes_per_hour,
          lenscap::TenantLimits().bytes_per_hour,
          "Bytes that one tenant may upload in an hour, also at once; 0 is "
          "without a bound.");
ABSL_FLAG(absl::Duration, tenant_decode_per_hour,
          lenscap::TenantLimits().decode_per_hour,
          "Time that decoding one tenant's videos may take in an hour; charged "
          "after each scan, and refused before the next. 0 is without a "
          "bound.");
ABSL_FLAG(
    int, max_waiting_scans, lenscap::ServerOptions().max_waiting_scans,
    "Submitted scans of all tenants that may wait; 0 is without a bound.");
ABSL_FLAG(int64_t, max_spool_bytes, lenscap::ServerOptions().max_spool_bytes,
          "Bytes of the files that are received, wait or are scanned; 0 is "
          "without a bound.");
ABSL_FLAG(absl::Duration, answer_reports_within,
          lenscap::ServerOptions().answer_reports_within,
          "By when a person who reports that footage shows them is told that "
          "there is an answer.");
ABSL_FLAG(absl::Duration, keep_fingerprints,
          lenscap::ServerOptions().keep_fingerprints,
          "How long to keep the fingerprints, never the footage, of scanned "
          "uploads, so that clips published later are found in them; 0 keeps "
          "none.");
ABSL_FLAG(double, flood_share, lenscap::ServerOptions().flood_share,
          "A list is put into shadow where its new entries would match more "
          "than this share of the latest innocent uploads; 1 never does.");
ABSL_FLAG(int, flood_uploads, lenscap::ServerOptions().flood_uploads,
          "Of the latest so many; 0 looks at none.");
ABSL_FLAG(int64_t, max_list_bytes, lenscap::ServerOptions().max_list_bytes,
          "Of the file of a signed list.");
ABSL_FLAG(absl::Duration, keep_photos, lenscap::ServerOptions().keep_photos,
          "How long the hashes of a listing's photos are kept after its last "
          "review, to find the same photo in other listings.");
ABSL_FLAG(int64_t, max_kept_photos, lenscap::ServerOptions().max_kept_photos,
          "Of how many photos at most; those seen longest ago go first.");
ABSL_FLAG(int64_t, max_kept_uploads, lenscap::ServerOptions().max_kept_uploads,
          "Of how many uploads at most; the oldest go first.");
ABSL_FLAG(std::string, webhook_ca, "",
          "Authorities in PEM by which receivers of webhooks are verified; "
          "empty for the system's.");
ABSL_FLAG(absl::Duration, shutdown_grace, absl::Seconds(30),
          "How long running work may go on after SIGTERM or SIGINT; the rest "
          "is done by the next start.");

namespace lenscap {
namespace {

absl::Status Invalid(absl::string_view flag, absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat("--", flag, ": ", problem));
}

absl::StatusOr<std::set<Role>> Roles(const std::vector<std::string>& names) {
  std::set<Role> roles;
  for (const std::string& name : names) {
    if (name == "scan") {
      roles.insert(Role::kScan);
    } else if (name == "lists") {
      roles.insert(Role::kLists);
    } else if (name == "review") {
      roles.insert(Role::kReview);
    } else if (name == "listings") {
      roles.insert(Role::kListings);
    } else {
      return Invalid("roles", absl::StrCat("expected any of scan, lists, "
                                           "review, listings, got \"",
                                           name, "\""));
    }
  }
  if (roles.empty()) return Invalid("roles", "expected at least one");
  return roles;
}

absl::StatusOr<absl::Duration> DurationFlag(
    const char* name, const absl::Flag<absl::Duration>& flag,
    absl::Duration min, absl::Duration max = absl::Hours(24)) {
  const absl::Duration value = absl::GetFlag(flag);
  if (min <= value && value <= max) return value;
  return Invalid(name, absl::StrCat("expected ", absl::FormatDuration(min),
                                    " to ", absl::FormatDuration(max), ", got ",
                                    absl::FormatDuration(value)));
}

template <typename Int>
absl::StatusOr<Int> IntFlag(const char* name, const absl::Flag<Int>& flag,
                            std::type_identity_t<Int> min,
                            std::type_identity_t<Int> max) {
  const Int value = absl::GetFlag(flag);
  if (min <= value && value <= max) return value;
  return Invalid(name,
                 absl::StrCat("expected ", min, " to ", max, ", got ", value));
}

// What tenants may use, each and all together.
absl::Status ReadLimits(ServerOptions& options) {
  constexpr int kMost = 1'000'000;
  constexpr int64_t kMostBytes = int64_t{1} << 50;
  constexpr absl::Duration kMostDecode = absl::Hours(10'000);
  TenantLimits& limits = options.tenant_limits;
  ASSIGN_OR_RETURN(limits.uploads,
                   IntFlag("tenant_uploads", FLAGS_tenant_uploads, 0, kMost));
  ASSIGN_OR_RETURN(
      limits.running_scans,
      IntFlag("tenant_running_scans", FLAGS_tenant_running_scans, 0, kMost));
  ASSIGN_OR_RETURN(
      limits.waiting_scans,
      IntFlag("tenant_waiting_scans", FLAGS_tenant_waiting_scans, 0, kMost));
  ASSIGN_OR_RETURN(limits.bytes_per_hour,
                   IntFlag("tenant_bytes_per_hour", FLAGS_tenant_bytes_per_hour,
                           0, kMostBytes));
  ASSIGN_OR_RETURN(
      limits.decode_per_hour,
      DurationFlag("tenant_decode_per_hour", FLAGS_tenant_decode_per_hour,
                   absl::ZeroDuration(), kMostDecode));
  ASSIGN_OR_RETURN(
      options.max_waiting_scans,
      IntFlag("max_waiting_scans", FLAGS_max_waiting_scans, 0, kMost));
  ASSIGN_OR_RETURN(
      options.max_spool_bytes,
      IntFlag("max_spool_bytes", FLAGS_max_spool_bytes, 0, kMostBytes));
  return absl::OkStatus();
}

// What is kept of uploads, and how lists are held against it.
absl::Status ReadListFlags(ServerOptions& options) {
  options.webhook_ca = absl::GetFlag(FLAGS_webhook_ca);
  ASSIGN_OR_RETURN(
      options.answer_reports_within,
      DurationFlag("answer_reports_within", FLAGS_answer_reports_within,
                   absl::Hours(1), absl::Hours(24 * 365)));
  ASSIGN_OR_RETURN(options.keep_fingerprints,
                   DurationFlag("keep_fingerprints", FLAGS_keep_fingerprints,
                                absl::ZeroDuration(), absl::Hours(24 * 3650)));
  ASSIGN_OR_RETURN(
      options.max_kept_uploads,
      IntFlag("max_kept_uploads", FLAGS_max_kept_uploads, 1, 1'000'000'000));
  ASSIGN_OR_RETURN(options.keep_photos,
                   DurationFlag("keep_photos", FLAGS_keep_photos,
                                absl::Hours(1), absl::Hours(24 * 3653)));
  ASSIGN_OR_RETURN(
      options.max_kept_photos,
      IntFlag("max_kept_photos", FLAGS_max_kept_photos, 1, 1'000'000'000));
  options.flood_share = absl::GetFlag(FLAGS_flood_share);
  if (!(options.flood_share >= 0 && options.flood_share <= 1)) {
    return Invalid("flood_share",
                   absl::StrCat("expected 0 to 1, got ", options.flood_share));
  }
  ASSIGN_OR_RETURN(options.flood_uploads,
                   IntFlag("flood_uploads", FLAGS_flood_uploads, 0, 1'000'000));
  ASSIGN_OR_RETURN(
      options.max_list_bytes,
      IntFlag("max_list_bytes", FLAGS_max_list_bytes, 1, int64_t{1} << 50));
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<CueModels>> OpenModels(
    const std::string& directory) {
  ASSIGN_OR_RETURN(
      std::shared_ptr<CueModels> models,
      CueModels::Open(
          {.newest = [directory] { return NewestCueVersion(directory); },
           .open =
               [directory](int version) {
                 return OpenCueModel(directory, version);
               }}));
  return models;
}

absl::StatusOr<std::shared_ptr<DecoderPool>> StartDecoders(int workers) {
  DecoderPool::Options options;
  options.program = absl::GetFlag(FLAGS_decoder);
  if (options.program.empty()) options.program = DecoderBesideThisProgram();
  options.idle = workers;
  options.may_be_free = absl::GetFlag(FLAGS_unjailed_decoder);
  ASSIGN_OR_RETURN(
      options.max_cpu,
      DurationFlag("decoder_cpu", FLAGS_decoder_cpu, absl::Seconds(1)));
  ASSIGN_OR_RETURN(
      options.max_silence,
      DurationFlag("decoder_silence", FLAGS_decoder_silence, absl::Seconds(1)));
  ASSIGN_OR_RETURN(const int memory,
                   IntFlag("decoder_memory", FLAGS_decoder_memory, 64, 65536));
  options.limits.address_space = int64_t{memory} << 20;
  auto started = DecoderPool::Start(options);
  if (!started.ok()) {
    return absl::Status(
        started.status().code(),
        absl::StrCat(started.status().message(),
                     "; --decoder names the program, and --unjailed_decoder "
                     "allows one without a jail"));
  }
  std::shared_ptr<DecoderPool> pool = *std::move(started);
  if (!pool->jailed().ok()) {
    Log(LogSeverity::kWarning, "unjailed_decoder",
        {{"reason", std::string(pool->jailed().message())}});
  }
  return pool;
}

// The models that are looked after while the server runs.
struct Models {
  std::shared_ptr<CueModels> cues;
  std::shared_ptr<CueModels> shadow;
};

// The model is wanted but not needed: a missing one costs the cues alone. A
// damaged one is an error that somebody should see.
absl::StatusOr<Models> OpenCues(ServerOptions& options) {
  Models models;
  if (const std::string directory = absl::GetFlag(FLAGS_models);
      directory.empty()) {
    options.cues_unavailable = "the server was started without --models";
  } else if (auto opened = OpenModels(directory); opened.ok()) {
    models.cues = *std::move(opened);
  } else if (absl::IsNotFound(opened.status())) {
    options.cues_unavailable = std::string(opened.status().message());
  } else {
    return Invalid("models", opened.status().message());
  }
  if (models.cues == nullptr) {
    Log(LogSeverity::kWarning, "no_cues",
        {{"reason", options.cues_unavailable}});
  }
  if (const std::string directory = absl::GetFlag(FLAGS_shadow_models);
      !directory.empty()) {
    auto opened = OpenModels(directory);
    if (!opened.ok()) {
      return Invalid("shadow_models", opened.status().message());
    }
    models.shadow = *std::move(opened);
  }
  options.cues = models.cues;
  options.shadow_cues = models.shadow;
  return models;
}

// Takes up newer versions; one that is damaged is left alone.
void Refresh(const Models& models) {
  for (const auto& model : {models.cues, models.shadow}) {
    if (model == nullptr) continue;
    if (const absl::Status status = model->Refresh(); !status.ok()) {
      Log(LogSeverity::kError, "model_refused", {{"error", status.ToString()}});
    }
  }
}

absl::StatusOr<ServerOptions> OptionsFromFlags() {
  ServerOptions options;
  options.data_directory = absl::GetFlag(FLAGS_data_directory);
  if (options.data_directory.empty()) {
    return Invalid("data_directory", "expected a path");
  }
  RETURN_IF_ERROR(ReadListenFlags(options));
  RETURN_IF_ERROR(CheckWebFlags(options));
  ASSIGN_OR_RETURN(options.roles, Roles(absl::GetFlag(FLAGS_roles)));
  if (const std::string policy = absl::GetFlag(FLAGS_policy); !policy.empty()) {
    ASSIGN_OR_RETURN(options.policy, LoadPolicy(policy));
  }
  if (const std::string policy = absl::GetFlag(FLAGS_review_policy);
      !policy.empty()) {
    ASSIGN_OR_RETURN(options.review_policy, LoadReviewPolicy(policy));
  }
  options.media_roots = absl::GetFlag(FLAGS_media_root);
  ASSIGN_OR_RETURN(options.scan_workers,
                   IntFlag("scan_workers", FLAGS_scan_workers, 0, 1024));
  ASSIGN_OR_RETURN(options.scan_attempts,
                   IntFlag("scan_attempts", FLAGS_scan_attempts, 1, 1000));
  ASSIGN_OR_RETURN(
      options.scan_deadline,
      DurationFlag("scan_deadline", FLAGS_scan_deadline, absl::Seconds(1)));
  ASSIGN_OR_RETURN(const std::shared_ptr<DecoderPool> decoders,
                   StartDecoders(ScanWorkers(options)));
  options.open_video = [decoders](std::unique_ptr<ByteSource> source,
                                  ReaderOptions reading) {
    return decoders->Open(std::move(source), reading);
  };
  RETURN_IF_ERROR(ReadLimits(options));
  RETURN_IF_ERROR(ReadListFlags(options));
  options.metrics = std::make_shared<Metrics>();
  return options;
}

// Blocks the signals that stop the server in this thread, and in those that it
// makes, so that WaitForStop alone sees them.
sigset_t BlockStopSignals() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  return stop;
}

// Returns after the first such signal; a second one ends the process at once.
void WaitForStop(const sigset_t& stop) {
  int number = 0;
  sigwait(&stop, &number);
  pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);
  Log(LogSeverity::kInfo, "stopping", {{"signal", absl::StrCat(number)}});
}

absl::Status Run() {
  ASSIGN_OR_RETURN(const absl::Duration grace,
                   DurationFlag("shutdown_grace", FLAGS_shutdown_grace,
                                absl::ZeroDuration()));
  ASSIGN_OR_RETURN(
      const absl::Duration models_refresh,
      DurationFlag("models_refresh", FLAGS_models_refresh, absl::Seconds(1)));
  ASSIGN_OR_RETURN(ServerOptions options, OptionsFromFlags());
  ASSIGN_OR_RETURN(const Models models, OpenCues(options));
  const sigset_t stop = BlockStopSignals();
  ASSIGN_OR_RETURN(const std::unique_ptr<Server> server,
                   Server::Start(options));
  ASSIGN_OR_RETURN(const auto exposer, ExposeMetrics(*server, options.metrics));
  ASSIGN_OR_RETURN(const auto web, StartWebServer(server.get(), options));
  const Ticker refresher(absl::ToChronoMilliseconds(models_refresh),
                         [&models] { Refresh(models); });
  LogWhoMayCall(options);
  const absl::string_view host =
      absl::string_view(options.listen_address)
          .substr(0, options.listen_address.rfind(':'));
  std::cout << "lenscapd listening on " << host << ":" << server->port()
            << std::endl;
  WaitForStop(stop);
  if (web != nullptr) web->Drain();
  server->Shutdown(grace);
  if (web != nullptr) web->Stop();
  Log(LogSeverity::kInfo, "stopped");
  return absl::OkStatus();
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage(
      "Finds known leaked clips in uploads and queues them for takedown.\n"
      "lenscapd --data_directory=DIR [--listen=HOST:PORT] ...");
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (rest.size() > 1) {
    std::cerr << "lenscapd: unexpected argument \"" << rest[1]
              << "\"; see lenscapd --help\n";
    return 2;
  }
  if (absl::GetFlag(FLAGS_print_default_policy)) {
    std::cout << lenscap::DefaultPolicyText();
    return 0;
  }
  if (absl::GetFlag(FLAGS_print_default_review_policy)) {
    std::cout << lenscap::DefaultReviewPolicyText();
    return 0;
  }
  // A full disk and a closed pipe are errors of a write, not ends of a server.
  signal(SIGXFSZ, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  lenscap::SetLogThreshold(lenscap::LogSeverity::kInfo);
  const absl::Status status = lenscap::Run();
  if (status.ok()) return 0;
  std::cerr << "lenscapd: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? 2 : 1;
}
