#ifndef LENSCAP_SERVICES_HASH_LIST_SERVICE_H_
#define LENSCAP_SERVICES_HASH_LIST_SERVICE_H_

#include <utility>

#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/hash_list_handler.h"
#include "services/list_control_handler.h"
#include "services/reactors.h"
#include "services/signed_list_handler.h"

namespace lenscap {

// HashListService over hash_list_handler.h, signed_list_handler.h and
// list_control_handler.h. Thread-safe; the rooms must
// outlive it.
class HashListService final : public v1::HashListService::CallbackService {
 public:
  // `exports` is a pool of its own: an export waits for its reader.
  HashListService(CallRooms* calls, ListRooms rooms,
                  SignedListRooms signed_rooms, ListControlRooms control_rooms,
                  WorkerPool* exports)
      : calls_(calls),
        rooms_(std::move(rooms)),
        signed_rooms_(std::move(signed_rooms)),
        control_rooms_(control_rooms),
        exports_(exports) {}

  grpc::ServerReadReactor<v1::PublishRequest>* Publish(
      grpc::CallbackServerContext* context, v1::PublishReply* reply) override;
  grpc::ServerUnaryReactor* Withdraw(grpc::CallbackServerContext* context,
                                     const v1::WithdrawRequest* request,
                                     v1::WithdrawReply* reply) override;
  grpc::ServerUnaryReactor* ListLists(grpc::CallbackServerContext* context,
                                      const v1::ListListsRequest* request,
                                      v1::ListListsReply* reply) override;
  grpc::ServerUnaryReactor* GetList(grpc::CallbackServerContext* context,
                                    const v1::GetListRequest* request,
                                    v1::GetListReply* reply) override;
  grpc::ServerWriteReactor<v1::ExportedEntry>* Export(
      grpc::CallbackServerContext* context,
      const v1::ExportRequest* request) override;
  grpc::ServerUnaryReactor* History(grpc::CallbackServerContext* context,
                                    const v1::HistoryRequest* request,
                                    v1::HistoryReply* reply) override;
  grpc::ServerBidiReactor<v1::PublishSignedRequest, v1::PublishSignedEvent>*
  PublishSigned(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* Rollback(grpc::CallbackServerContext* context,
                                     const v1::RollbackRequest* request,
                                     v1::RollbackReply* reply) override;
  grpc::ServerWriteReactor<v1::DownloadPart>* Download(
      grpc::CallbackServerContext* context,
      const v1::DownloadRequest* request) override;
  grpc::ServerUnaryReactor* HoldEntries(grpc::CallbackServerContext* context,
                                        const v1::HoldEntriesRequest* request,
                                        v1::HashList* reply) override;
  grpc::ServerUnaryReactor* ReleaseEntries(
      grpc::CallbackServerContext* context,
      const v1::HoldEntriesRequest* request, v1::HashList* reply) override;
  grpc::ServerUnaryReactor* SetListMode(grpc::CallbackServerContext* context,
                                        const v1::SetListModeRequest* request,
                                        v1::HashList* reply) override;
  grpc::ServerUnaryReactor* Feedback(grpc::CallbackServerContext* context,
                                     const v1::FeedbackRequest* request,
                                     v1::FeedbackReply* reply) override;

 private:
  CallRooms* const calls_;
  const ListRooms rooms_;
  const SignedListRooms signed_rooms_;
  const ListControlRooms control_rooms_;
  WorkerPool* const exports_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_HASH_LIST_SERVICE_H_
