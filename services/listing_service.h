#ifndef LENSCAP_SERVICES_LISTING_SERVICE_H_
#define LENSCAP_SERVICES_LISTING_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/listing.grpc.pb.h"
#include "services/listing_handler.h"
#include "services/reactors.h"
#include "services/rule_pack_handler.h"

namespace lenscap {

// ListingService over listing_handler.h and rule_pack_handler.h. Texts are
// reviewed on the threads for requests; what has photos or a video, on those
// that scan, in its tenant's turn. Thread-safe; the rooms must outlive it.
class ListingService final : public v1::ListingService::CallbackService {
 public:
  ListingService(CallRooms* calls, ListingRooms rooms, RulePackRooms packs)
      : calls_(calls), rooms_(std::move(rooms)), packs_(std::move(packs)) {}

  grpc::ServerUnaryReactor* Review(grpc::CallbackServerContext* context,
                                   const v1::ReviewListingRequest* request,
                                   v1::ListingReport* reply) override;
  grpc::ServerUnaryReactor* ReviewBatch(grpc::CallbackServerContext* context,
                                        const v1::ReviewBatchRequest* request,
                                        v1::ReviewBatchReply* reply) override;
  grpc::ServerBidiReactor<v1::ReviewListingRequest, v1::ReviewResult>*
  ReviewStream(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* Explain(grpc::CallbackServerContext* context,
                                    const v1::ReviewListingRequest* request,
                                    v1::ListingReport* reply) override;
  grpc::ServerUnaryReactor* PublishRulePack(
      grpc::CallbackServerContext* context,
      const v1::PublishRulePackRequest* request, v1::RulePack* reply) override;
  grpc::ServerUnaryReactor* ListRulePacks(
      grpc::CallbackServerContext* context,
      const v1::ListRulePacksRequest* request,
      v1::ListRulePacksReply* reply) override;
  grpc::ServerUnaryReactor* SetRuleMode(grpc::CallbackServerContext* context,
                                        const v1::SetRuleModeRequest* request,
                                        v1::RulePack* reply) override;

 private:
  CallRooms* const calls_;
  const ListingRooms rooms_;
  const RulePackRooms packs_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_SERVICE_H_
