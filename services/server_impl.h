#ifndef LENSCAP_SERVICES_SERVER_IMPL_H_
#define LENSCAP_SERVICES_SERVER_IMPL_H_

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "index/known_clips.h"
#include "index/photo_index.h"
#include "index/upload_store.h"
#include "lists/issuer_store.h"
#include "lists/list_archive.h"
#include "services/access_service.h"
#include "services/accountability.h"
#include "services/admission.h"
#include "services/cancellation.h"
#include "services/data_directory.h"
#include "services/evidence_service.h"
#include "services/hash_list_service.h"
#include "services/intake_service.h"
#include "services/intake_work.h"
#include "services/listing_service.h"
#include "services/media_roots.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "services/outcome_service.h"
#include "services/outcomes.h"
#include "services/reactors.h"
#include "services/report_service.h"
#include "services/reported_uploads.h"
#include "services/retro_match.h"
#include "services/rule_packs.h"
#include "services/scan_jobs.h"
#include "services/scan_service.h"
#include "services/screen_video.h"
#include "services/server.h"
#include "services/sign_in.h"
#include "services/spool.h"
#include "services/takedown_service.h"
#include "services/tenants.h"
#include "services/ticker.h"
#include "services/token_store.h"
#include "services/worker_pool.h"
#include "takedown/clock_watch.h"
#include "takedown/evidence_store.h"
#include "takedown/exposure_ledger.h"
#include "takedown/golden_queue.h"
#include "takedown/held_uploads.h"
#include "takedown/local_queue.h"
#include "takedown/victim_reports.h"

namespace lenscap {

// The server behind services/server.h, in three files: what it opens
// (server_rooms.cc), what it serves (server.cc), and what it does by itself
// (server_maintenance.cc).
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
  absl::Status OpenCaseRooms();
  absl::Status OpenUploads();
  absl::Status OpenEvidence();
  absl::Status OpenIntake();
  absl::Status OpenListings();
  absl::Status OpenScanRooms();
  absl::Status OpenOutcomes();
  void AddServices(grpc::ServerBuilder& builder);
  ListingRooms MakeListingRooms();
  // Of the upload that a golden case shows; "" for another case.
  absl::StatusOr<std::string> GoldenContent(absl::string_view case_id) const;
  absl::Status AddPort(grpc::ServerBuilder& builder);
  void AddService(grpc::ServerBuilder& builder, Role role,
                  absl::string_view name, grpc::Service& service);
  void SetServing(bool serving);
  void Maintain();
  absl::Status ExpireEntries();
  absl::Status ExpireStills(absl::Time now);
  void FinishReports(absl::Time now);
  void MatchRetrospectively();
  absl::Status LetHoldsFallDue();
  absl::Status WarnOfClocks();
  void CountWebhook(WebhookEnd end);
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
  std::unique_ptr<EvidenceStore> evidence_;
  std::unique_ptr<ExposureLedger> exposure_;
  std::unique_ptr<GoldenQueue> cases_;
  std::unique_ptr<ClockWatch> clock_watch_;  // Of the ticker's thread.
  std::unique_ptr<UploadStore> uploads_;     // Null where none are kept.
  std::unique_ptr<HeldUploads> holds_;
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
  std::unique_ptr<VictimReports> reports_;
  std::unique_ptr<IntakeWork> intake_;
  std::unique_ptr<ReportedUploads> reported_;
  std::unique_ptr<VideoScreener> screener_;
  std::unique_ptr<ScanJobs> jobs_;
  std::unique_ptr<RulePacks> rule_packs_;
  std::unique_ptr<PhotoIndex> photos_;
  std::unique_ptr<Outcomes> outcomes_;
  std::unique_ptr<ScanService> scan_service_;
  std::unique_ptr<HashListService> list_service_;
  std::unique_ptr<TakedownService> takedown_service_;
  std::unique_ptr<OutcomeService> outcome_service_;
  std::unique_ptr<EvidenceService> evidence_service_;
  std::unique_ptr<IntakeService> intake_service_;
  std::unique_ptr<ReportService> report_service_;
  std::unique_ptr<ListingService> listing_service_;
  std::unique_ptr<AccessService> access_service_;
  struct Offered {
    std::string name;
    bool served = false;  // By the roles of this process.
  };
  std::vector<Offered> services_;
  std::unique_ptr<grpc::Server> grpc_server_;
  int port_ = 0;
  absl::Time next_purge_ = absl::InfinitePast();   // Of the ticker's thread.
  absl::Time next_intake_ = absl::InfinitePast();  // The same.
  std::unique_ptr<Ticker> maintenance_;
  absl::Time next_retro_ = absl::InfinitePast();  // Of its ticker's thread.
  std::unique_ptr<Ticker> retro_ticker_;
  std::once_flag shut_down_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SERVER_IMPL_H_
