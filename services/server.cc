#include "services/server.h"

#include <grpc/grpc.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
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
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "lists/issuer_store.h"
#include "lists/list_archive.h"
#include "services/access_service.h"
#include "services/accountability.h"
#include "services/admission.h"
#include "services/cancellation.h"
#include "services/data_directory.h"
#include "services/default_policy.h"
#include "services/flood_check.h"
#include "services/hash_list_service.h"
#include "services/log.h"
#include "services/media_roots.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "services/reactors.h"
#include "services/report_service.h"
#include "services/retro_match.h"
#include "services/scan_jobs.h"
#include "services/scan_service.h"
#include "services/screen_video.h"
#include "services/sign_in.h"
#include "services/spool.h"
#include "services/takedown_service.h"
#include "services/tenants.h"
#include "services/ticker.h"
#include "services/token_store.h"
#include "services/transport.h"
#include "services/worker_pool.h"
#include "takedown/local_queue.h"

namespace lenscap {
namespace {

// Threads that wait for the disk: enough for synced writes to share a sync.
constexpr int kRequestThreads = 16;
constexpr size_t kMaxWaitingRequests = 4096;
constexpr int kExportThreads = 4;
constexpr size_t kMaxWaitingExports = 16;
constexpr int kMaxStreamsPerConnection = 128;
constexpr std::chrono::seconds kKeepaliveTime(60);
constexpr std::chrono::seconds kKeepaliveTimeout(20);
// How soon a lease that ran out becomes news where nothing else happens.
constexpr std::chrono::seconds kTick(1);
// A retrospective match that failed is tried again after so long; it runs
// behind everything else.
constexpr absl::Duration kRetroPause = absl::Minutes(1);
constexpr int kRetroNiceness = 10;
constexpr absl::Duration kPurgeInterval = absl::Hours(1);

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

class ServerImpl final : public Server {
 public:
  explicit ServerImpl(ServerOptions options);
  ~ServerImpl() override { Shutdown(absl::ZeroDuration()); }

  absl::Status OpenRooms();
  absl::Status Serve();

  int port() const override { return port_; }
  std::shared_ptr<grpc::Channel> InProcessChannel() override;
  absl::StatusOr<Caller> AuthorizeRoute(absl::string_view route,
                                        absl::string_view token) const override;
  void Shutdown(absl::Duration grace) override;

 private:
  bool Has(Role role) const { return options_.roles.contains(role); }
  absl::Status OpenAccessRooms();
  absl::Status OpenListRooms();
  absl::Status OpenUploads();
  absl::Status OpenScanRooms();
  void AddServices(grpc::ServerBuilder& builder);
  absl::Status AddPort(grpc::ServerBuilder& builder);
  void AddService(grpc::ServerBuilder& builder, Role role,
                  grpc::Service& service);
  void SetServing(bool serving);
  void Maintain();
  absl::Status ExpireEntries();
  void MatchRetrospectively();
  Metrics::Levels ReadLevels() const;

  // In the order of use: what comes later uses what comes before.
  const ServerOptions options_;
  const int workers_;
  const std::shared_ptr<Metrics> metrics_;
  std::unique_ptr<DataDirectory> directory_;
  std::unique_ptr<TokenStore> tokens_;
  std::unique_ptr<IssuerStore> issuers_;
  std::unique_ptr<SignIn> sign_in_;
  std::unique_ptr<KnownClips> clips_;
  std::unique_ptr<ListArchive> archive_;
  std::mutex applying_lists_;
  std::unique_ptr<TakedownQueue> cases_;
  std::unique_ptr<UploadStore> uploads_;  // Null where none are kept.
  std::unique_ptr<Accountability> accountability_;
  std::unique_ptr<Spool> spool_;
  MediaRoots roots_;
  Notifier news_;
  Watchdog watchdog_;
  Admission admission_;
  Tenants tenants_;
  WorkerPool scans_;
  WorkerPool requests_;
  WorkerPool exports_;
  CallRooms calls_;
  std::unique_ptr<RetroMatch> retro_;  // Null as uploads_.
  std::unique_ptr<VideoScreener> screener_;
  std::unique_ptr<ScanJobs> jobs_;
  std::unique_ptr<ScanService> scan_service_;
  std::unique_ptr<HashListService> list_service_;
  std::unique_ptr<TakedownService> takedown_service_;
  std::unique_ptr<ReportService> report_service_;
  std::unique_ptr<AccessService> access_service_;
  std::vector<std::string> service_names_;
  std::unique_ptr<grpc::Server> grpc_server_;
  int port_ = 0;
  absl::Time next_purge_ = absl::InfinitePast();  // Of the ticker's thread.
  std::unique_ptr<Ticker> maintenance_;
  absl::Time next_retro_ = absl::InfinitePast();  // Of its ticker's thread.
  std::unique_ptr<Ticker> retro_ticker_;
  std::once_flag shut_down_;
};

ServerOptions WithPolicy(ServerOptions options) {
  if (options.policy.version().empty()) options.policy = DefaultPolicy();
  return options;
}

FloodOptions FloodOptionsOf(const ServerOptions& options) {
  FloodOptions flood;
  flood.max_share = options.flood_share;
  flood.max_uploads = options.flood_uploads;
  flood.policy = options.policy;
  return flood;
}

ServerImpl::ServerImpl(ServerOptions options)
    : options_(WithPolicy(std::move(options))),
      workers_(ScanWorkers(options_)),
      metrics_(options_.metrics != nullptr ? options_.metrics
                                           : std::make_shared<Metrics>()),
      watchdog_(options_.clock),
      admission_(options_.max_uploads),
      tenants_({.limits = options_.tenant_limits,
                .max_tenants = static_cast<size_t>(options_.max_tenants),
                .max_waiting_scans = options_.max_waiting_scans,
                .clock = options_.clock}),
      // Every open upload and every tenant's next submitted scan has a place to
      // wait.
      scans_(workers_, options_.max_uploads + options_.max_tenants + 1,
             options_.tenant_limits.running_scans),
      requests_(kRequestThreads, kMaxWaitingRequests),
      exports_(kExportThreads, kMaxWaitingExports) {
  calls_.requests = &requests_;
  calls_.scans = &scans_;
  calls_.watchdog = &watchdog_;
  calls_.metrics = metrics_.get();
  calls_.deadline = options_.scan_deadline;
}

absl::Status ServerImpl::OpenRooms() {
  ASSIGN_OR_RETURN(directory_, DataDirectory::Open(options_.data_directory));
  RETURN_IF_ERROR(OpenAccessRooms());
  ASSIGN_OR_RETURN(roots_, MediaRoots::Open(options_.media_roots));
  ASSIGN_OR_RETURN(Spool spool, Spool::Open(directory_->Below("spool"),
                                            options_.max_spool_bytes));
  spool_ = std::make_unique<Spool>(std::move(spool));
  RETURN_IF_ERROR(OpenListRooms());
  ASSIGN_OR_RETURN(cases_,
                   OpenLocalQueue({.directory = directory_->Below("cases"),
                                   .clock = options_.clock}));
  RETURN_IF_ERROR(OpenUploads());
  ASSIGN_OR_RETURN(
      accountability_,
      Accountability::Open({.directory = directory_->Below("audit"),
                            .cases = cases_.get(),
                            .lists = clips_.get(),
                            .news = &news_,
                            .clock = options_.clock}));
  return OpenScanRooms();
}

absl::Status ServerImpl::OpenAccessRooms() {
  ASSIGN_OR_RETURN(tokens_,
                   TokenStore::Open({.directory = directory_->Below("access"),
                                     .clock = options_.clock}));
  ASSIGN_OR_RETURN(issuers_, IssuerStore::Open(directory_->Below("issuers"),
                                               options_.clock));
  sign_in_ = std::make_unique<SignIn>(
      tokens_.get(), options_.require_sign_in || options_.tls.has_value());
  calls_.sign_in = sign_in_.get();
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenListRooms() {
  ASSIGN_OR_RETURN(clips_,
                   KnownClips::Open({.directory = directory_->Below("index"),
                                     .clock = options_.clock}));
  if (const absl::Status why = clips_->rebuilt_because(); !why.ok()) {
    Log(absl::IsNotFound(why) ? LogSeverity::kInfo : LogSeverity::kWarning,
        "index_built_anew", {{"because", why.ToString()}});
  }
  ASSIGN_OR_RETURN(ListArchive archive,
                   ListArchive::Open(directory_->Below("lists")));
  archive_ = std::make_unique<ListArchive>(std::move(archive));
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenUploads() {
  const std::string directory = directory_->Below("uploads");
  if (options_.keep_fingerprints <= absl::ZeroDuration()) {
    std::error_code error;
    std::filesystem::remove_all(directory, error);
    if (!error) return absl::OkStatus();
    return absl::InternalError(
        absl::StrCat("removing ", directory, ": ", error.message()));
  }
  ASSIGN_OR_RETURN(uploads_,
                   UploadStore::Open({.directory = directory,
                                      .keep = options_.keep_fingerprints,
                                      .max_uploads = options_.max_kept_uploads,
                                      .clock = options_.clock}));
  retro_ = std::make_unique<RetroMatch>(
      RetroMatch::Options{.clips = clips_.get(),
                          .uploads = uploads_.get(),
                          .cases = cases_.get(),
                          .policy = options_.policy,
                          .metrics = metrics_.get(),
                          .news = &news_});
  return absl::OkStatus();
}

absl::Status ServerImpl::OpenScanRooms() {
  screener_ = std::make_unique<VideoScreener>(
      VideoScreener::Options{.clips = clips_.get(),
                             .cases = cases_.get(),
                             .uploads = uploads_.get(),
                             .cues = options_.cues,
                             .cues_unavailable = options_.cues_unavailable,
                             .shadow_cues = options_.shadow_cues,
                             .policy = options_.policy,
                             .limits = options_.limits,
                             .open_video = options_.open_video,
                             .metrics = metrics_.get(),
                             .news = &news_,
                             .clock = options_.clock});
  ASSIGN_OR_RETURN(jobs_,
                   ScanJobs::Open({.directory = directory_->Below("scans"),
                                   .spool = spool_.get(),
                                   .roots = &roots_,
                                   .screener = screener_.get(),
                                   .workers = &scans_,
                                   .tenants = &tenants_,
                                   .watchdog = &watchdog_,
                                   .deadline = options_.scan_deadline,
                                   .max_attempts = options_.scan_attempts,
                                   .max_bytes = options_.limits.max_bytes,
                                   .news = &news_,
                                   .clock = options_.clock}));
  return absl::OkStatus();
}

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
                .max_bytes = options_.limits.max_bytes},
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
      &calls_, cases_.get(), &news_, &accountability_->auditor());
  report_service_ = std::make_unique<ReportService>(
      &calls_, ReportRooms{.cases = cases_.get(),
                           .lists = clips_.get(),
                           .log = &accountability_->log(),
                           .checkpointer = &accountability_->checkpointer()});
  access_service_ = std::make_unique<AccessService>(
      &calls_, AccessRooms{.tokens = tokens_.get(),
                           .issuers = issuers_.get(),
                           .record = [this](const AuditEntry& entry) {
                             return accountability_->auditor().Record(entry);
                           }});
  builder.RegisterService(access_service_.get());  // Whatever the roles.
  AddService(builder, Role::kScan, *scan_service_);
  AddService(builder, Role::kLists, *list_service_);
  AddService(builder, Role::kReview, *takedown_service_);
  AddService(builder, Role::kReview, *report_service_);
  service_names_ = {v1::ScanService::service_full_name(),
                    v1::HashListService::service_full_name(),
                    v1::TakedownService::service_full_name(),
                    v1::ReportService::service_full_name()};
}

void ServerImpl::AddService(grpc::ServerBuilder& builder, Role role,
                            grpc::Service& service) {
  if (Has(role)) builder.RegisterService(&service);
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
  constexpr Role kRoles[] = {Role::kScan, Role::kLists, Role::kReview,
                             Role::kReview};
  for (size_t i = 0; i < service_names_.size(); ++i) {
    health->SetServingStatus(service_names_[i], serving && Has(kRoles[i]));
  }
}

void ServerImpl::Shutdown(absl::Duration grace) {
  std::call_once(shut_down_, [this, grace] {
    const absl::Time deadline = absl::Now() + grace;
    maintenance_ = nullptr;
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

void ServerImpl::Maintain() {
  // Puts back the leases that ran out, as a side effect.
  const absl::StatusOr<v1::StatsReply> stats = cases_->Stats();
  news_.Notify(kCaseNews);
  if (const absl::Status expired = ExpireEntries(); !expired.ok()) {
    Log(LogSeverity::kError, "expiry_failed", {{"error", expired.ToString()}});
  }
  const absl::Time now = options_.clock->Now();
  if (now < next_purge_) return;
  next_purge_ = now + kPurgeInterval;
  absl::Status purged = stats.status();
  purged.Update(jobs_->Purge(now - options_.keep_scans));
  purged.Update(cases_->Purge(now - options_.keep_cases).status());
  if (uploads_ != nullptr) purged.Update(uploads_->Purge().status());
  if (!purged.ok()) {
    Log(LogSeverity::kError, "maintenance_failed",
        {{"error", purged.ToString()}});
  }
  if (const absl::Status saved = clips_->save_status(); !saved.ok()) {
    Log(LogSeverity::kWarning, "index_not_saved",
        {{"error", saved.ToString()}});
  }
}

absl::Status ServerImpl::ExpireEntries() {
  ASSIGN_OR_RETURN(const std::vector<KnownClips::Expired> expired,
                   clips_->Expire());
  for (const KnownClips::Expired& list : expired) {
    RETURN_IF_ERROR(accountability_->auditor().CatchUpList(list.list_id));
  }
  return absl::OkStatus();
}

void ServerImpl::MatchRetrospectively() {
  // Linux takes this for the calling thread alone.
  setpriority(PRIO_PROCESS, 0, kRetroNiceness);
  const absl::Time now = options_.clock->Now();
  if (now < next_retro_) return;
  if (const absl::Status matched = retro_->CatchUp(); !matched.ok()) {
    next_retro_ = now + kRetroPause;
    Log(LogSeverity::kError, "retro_match_failed",
        {{"error", matched.ToString()}});
  }
}

Metrics::Levels ServerImpl::ReadLevels() const {
  Metrics::Levels levels;
  if (const auto scans = jobs_->GetStats(); scans.ok()) {
    levels.scans_waiting = scans->waiting;
    levels.scans_running = scans->leased;
  }
  levels.spool_bytes = spool_->bytes();
  levels.tenants = static_cast<int64_t>(tenants_.size());
  if (const auto cases = cases_->Stats(); cases.ok()) {
    levels.cases_waiting = cases->waiting();
    levels.cases_leased = cases->leased();
  }
  if (uploads_ != nullptr) {
    levels.kept_uploads = uploads_->size().uploads;
    levels.kept_upload_bytes = uploads_->size().bytes;
  }
  for (const ListInfo& list : clips_->Lists()) {
    ++levels.lists;
    levels.list_entries += list.entries;
    levels.list_frames += list.frames;
  }
  return levels;
}

}  // namespace

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
