#include "services/server.h"

#include <grpc/grpc.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "grpcpp/create_channel_posix.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_posix.h"
#include "services/flood_check.h"
#include "services/server_impl.h"
#include "services/transport.h"
#include "takedown/review_policy.h"

namespace lenscap {
namespace {

constexpr int kMaxStreamsPerConnection = 128;
constexpr std::chrono::seconds kKeepaliveTime(60);
constexpr std::chrono::seconds kKeepaliveTimeout(20);
// How soon a lease that ran out becomes news where nothing else happens.
constexpr std::chrono::seconds kTick(1);

int Milliseconds(std::chrono::seconds seconds) {
  return static_cast<int>(std::chrono::milliseconds(seconds).count());
}

// Takes out the service that describes all others: for callers who need not
// sign in alone. Linking it in has put it into every server.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>*
                         plugins) override {
    std::erase_if(*plugins, [](const auto& plugin) {
      return plugin->name() == "proto_server_reflection";
    });
  }
};

FloodOptions FloodOptionsOf(const ServerOptions& options) {
  FloodOptions flood;
  flood.max_share = options.flood_share;
  flood.max_uploads = options.flood_uploads;
  flood.policy = options.policy;
  return flood;
}

ExposureLimits ExposureLimitsOf(const v1::ReviewPolicy& policy) {
  return {.budget = LengthOf(policy.exposure_budget()),
          .notice = policy.exposure_notice()};
}

}  // namespace

absl::Status ServerImpl::Serve() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  AddServices(builder);
  LimitReceiving(builder);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             Milliseconds(kKeepaliveTime));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             Milliseconds(kKeepaliveTimeout));
  // Two servers on one port would share its callers between them.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  RETURN_IF_ERROR(AddPort(builder));
  grpc_server_ = builder.BuildAndStart();
  if (grpc_server_ == nullptr ||
      (!options_.listen_address.empty() && port_ == 0)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot listen on ", options_.listen_address,
        ": it is no address of this machine, or another process has it"));
  }
  SetServing(true);
  metrics_->SetLevels([this] { return ReadLevels(); });
  if (Has(Role::kScan)) jobs_->Start();
  accountability_->Start();
  if (Has(Role::kReview)) outcomes_->Start();
  maintenance_ = std::make_unique<Ticker>(kTick, [this] { Maintain(); });
  if (retro_ != nullptr) {
    retro_ticker_ =
        std::make_unique<Ticker>(kTick, [this] { MatchRetrospectively(); });
  }
  return absl::OkStatus();
}

absl::Status ServerImpl::AddPort(grpc::ServerBuilder& builder) {
  if (sign_in_->required()) {
    builder.SetOption(std::make_unique<WithoutReflection>());
  }
  if (options_.listen_address.empty()) return absl::OkStatus();
  auto credentials = grpc::InsecureServerCredentials();
  if (options_.tls) {
    ASSIGN_OR_RETURN(credentials, ServerTls(*options_.tls));
  }
  builder.AddListeningPort(options_.listen_address, credentials, &port_);
  return absl::OkStatus();
}

void ServerImpl::AddServices(grpc::ServerBuilder& builder) {
  scan_service_ = std::make_unique<ScanService>(
      &calls_,
      ScanRooms{.spool = spool_.get(),
                .jobs = jobs_.get(),
                .screener = screener_.get(),
                .admission = &admission_,
                .tenants = &tenants_,
                .max_bytes = options_.limits.max_bytes,
                .holds = holds_.get()},
      &news_);
  list_service_ = std::make_unique<HashListService>(
      &calls_,
      ListRooms{.clips = clips_.get(),
                .spool = spool_.get(),
                .admission = &admission_,
                .limits = options_.limits,
                .open_video = options_.open_video,
                .auditor = &accountability_->auditor()},
      SignedListRooms{.clips = clips_.get(),
                      .spool = spool_.get(),
                      .admission = &admission_,
                      .archive = archive_.get(),
                      .issuers = issuers_.get(),
                      .uploads = uploads_.get(),
                      .flood = FloodOptionsOf(options_),
                      .retro = retro_.get(),
                      .auditor = &accountability_->auditor(),
                      .max_bytes = options_.max_list_bytes,
                      .clock = options_.clock,
                      .applying = &applying_lists_},
      ListControlRooms{.clips = clips_.get(),
                       .cases = cases_.get(),
                       .auditor = &accountability_->auditor(),
                       .retro = retro_.get()},
      &exports_);
  takedown_service_ = std::make_unique<TakedownService>(
      &calls_, cases_.get(), &news_, &accountability_->auditor(),
      ReviewRooms{.cases = cases_.get(),
                  .record = [this](const AuditEntry& entry) {
                    return accountability_->auditor().Record(entry);
                  }});
  outcome_service_ = std::make_unique<OutcomeService>(
      &calls_, &outcomes_->log(),
      OutcomeRooms{
          .cases = cases_.get(),
          .holds = holds_.get(),
          .webhooks = &outcomes_->webhooks(),
          .undo_window = LengthOf(options_.review_policy.undo_window()),
          .record =
              [this](const AuditEntry& entry) {
                return accountability_->auditor().Record(entry);
              },
          .clock = options_.clock},
      &news_);
  evidence_service_ = std::make_unique<EvidenceService>(
      &calls_,
      EvidenceRooms{.evidence = evidence_.get(),
                    .exposure = exposure_.get(),
                    .cases = cases_.get(),
                    .limits = ExposureLimitsOf(options_.review_policy),
                    .record =
                        [this](const AuditEntry& entry) {
                          return accountability_->auditor().Record(entry);
                        },
                    .golden_content =
                        [this](const v1::Case& of) {
                          return GoldenContent(of.case_id());
                        }});
  intake_service_ = std::make_unique<IntakeService>(
      &calls_,
      IntakeRooms{.reports = reports_.get(),
                  .work = intake_.get(),
                  .found = reported_.get(),
                  .spool = spool_.get(),
                  .admission = &admission_,
                  .tenants = &tenants_,
                  .reading = {.clips = clips_.get(),
                              .open_video = options_.open_video,
                              .limits = options_.limits,
                              .policy = options_.policy},
                  .record =
                      [this](const AuditEntry& entry) {
                        return accountability_->auditor().Record(entry);
                      },
                  .answer_within = options_.answer_reports_within,
                  .clock = options_.clock});
  report_service_ = std::make_unique<ReportService>(
      &calls_, ReportRooms{.cases = cases_.get(),
                           .lists = clips_.get(),
                           .log = &accountability_->log(),
                           .checkpointer = &accountability_->checkpointer(),
                           .clock = options_.clock});
  const auto record = [this](const AuditEntry& entry) {
    return accountability_->auditor().Record(entry);
  };
  listing_service_ = std::make_unique<ListingService>(
      &calls_, MakeListingRooms(),
      RulePackRooms{.packs = rule_packs_.get(), .record = record});
  access_service_ = std::make_unique<AccessService>(
      &calls_, AccessRooms{.tokens = tokens_.get(),
                           .issuers = issuers_.get(),
                           .record = [this](const AuditEntry& entry) {
                             return accountability_->auditor().Record(entry);
                           }});
  builder.RegisterService(access_service_.get());  // Whatever the roles.
  AddService(builder, Role::kScan, v1::ScanService::service_full_name(),
             *scan_service_);
  AddService(builder, Role::kLists, v1::HashListService::service_full_name(),
             *list_service_);
  AddService(builder, Role::kReview, v1::TakedownService::service_full_name(),
             *takedown_service_);
  AddService(builder, Role::kReview, v1::OutcomeService::service_full_name(),
             *outcome_service_);
  AddService(builder, Role::kReview, v1::EvidenceService::service_full_name(),
             *evidence_service_);
  AddService(builder, Role::kReview, v1::IntakeService::service_full_name(),
             *intake_service_);
  AddService(builder, Role::kReview, v1::ReportService::service_full_name(),
             *report_service_);
  AddService(builder, Role::kListings, v1::ListingService::service_full_name(),
             *listing_service_);
}

ListingRooms ServerImpl::MakeListingRooms() {
  return {.packs = rule_packs_.get(),
          .cases = cases_.get(),
          .evidence = evidence_.get(),
          .photos = {.clips = clips_.get(),
                     .index = photos_.get(),
                     .open_video = options_.open_video,
                     .limits = options_.limits,
                     .max_distance =
                         options_.policy.listings().max_photo_distance()},
          .videos = {.screener = screener_.get(),
                     .roots = &roots_,
                     .clips = clips_.get(),
                     .uploads = uploads_.get(),
                     .policy = options_.policy,
                     .max_bytes = options_.limits.max_bytes},
          .admission = &admission_,
          .tenants = &tenants_,
          .policy = options_.policy,
          .metrics = metrics_.get(),
          .news = &news_,
          .clock = options_.clock};
}

absl::StatusOr<std::string> ServerImpl::GoldenContent(
    absl::string_view case_id) const {
  ASSIGN_OR_RETURN(const auto original, cases_->OriginalOf(case_id));
  if (!original.has_value()) return std::string();
  ASSIGN_OR_RETURN(const v1::Case repeated, cases_->Get(*original));
  return repeated.content_id();
}

void ServerImpl::AddService(grpc::ServerBuilder& builder, Role role,
                            absl::string_view name, grpc::Service& service) {
  const bool served = Has(role);
  if (served) builder.RegisterService(&service);
  services_.push_back({std::string(name), served});
}

// Not gRPC's own in-process transport: in that a caller that still sends never
// hears that the call has ended.
std::shared_ptr<grpc::Channel> ServerImpl::InProcessChannel() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                 ends) != 0) {
    return nullptr;
  }
  grpc::AddInsecureChannelFromFd(grpc_server_.get(), ends[0]);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // It trusts its own server.
  return grpc::CreateCustomInsecureChannelFromFd("lenscap", ends[1], arguments);
}

absl::StatusOr<Caller> ServerImpl::AuthorizeRoute(
    absl::string_view route, absl::string_view token) const {
  Credentials credentials;
  if (!token.empty()) {
    credentials.authorization.push_back(absl::StrCat("Bearer ", token));
  }
  return sign_in_->Authorize(credentials, route);
}

// For the health service: of the whole server, and of each service.
void ServerImpl::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* const health =
      grpc_server_->GetHealthCheckService();
  health->SetServingStatus(serving);
  for (const Offered& service : services_) {
    health->SetServingStatus(service.name, serving && service.served);
  }
}

void ServerImpl::Shutdown(absl::Duration grace) {
  std::call_once(shut_down_, [this, grace] {
    const absl::Time deadline = absl::Now() + grace;
    maintenance_ = nullptr;
    if (outcomes_ != nullptr) outcomes_->Stop();
    if (retro_ != nullptr) retro_->Stop();
    retro_ticker_ = nullptr;
    if (jobs_ != nullptr) jobs_->StopClaiming();
    if (grpc_server_ != nullptr) {
      SetServing(false);
      calls_.stopping = true;
      news_.NotifyAll();
      grpc_server_->Shutdown(absl::ToChronoTime(deadline));
    }
    if (jobs_ != nullptr) {
      jobs_->Stop(std::max(absl::ZeroDuration(), deadline - absl::Now()));
    }
    metrics_->SetLevels(nullptr);
    scans_.Stop();
    requests_.Stop();
    exports_.Stop();
    if (accountability_ != nullptr) accountability_->Stop();
  });
}

int ScanWorkers(const ServerOptions& options) {
  if (options.scan_workers > 0) return options.scan_workers;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  // Never undone. When its last user goes, gRPC shuts itself down, and may wait
  // ten seconds for a poller that a client's socket has left behind.
  static std::once_flag grpc_is_up;
  std::call_once(grpc_is_up, grpc_init);
  auto server = std::make_unique<ServerImpl>(std::move(options));
  RETURN_IF_ERROR(server->OpenRooms());
  RETURN_IF_ERROR(server->Serve());
  return server;
}

}  // namespace lenscap
