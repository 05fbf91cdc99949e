#ifndef LENSCAP_SERVICES_HASH_LIST_SERVICE_H_
#define LENSCAP_SERVICES_HASH_LIST_SERVICE_H_

#include "proto/lenscap/v1/hash_list.grpc.pb.h"
#include "services/hash_list_handler.h"
#include "services/reactors.h"

namespace lenscap {

// HashListService over hash_list_handler.h. Thread-safe; the rooms must
// outlive it.
class HashListService final : public v1::HashListService::CallbackService {
 public:
  // `exports` is a pool of its own: an export waits for its reader.
  HashListService(CallRooms* calls, ListRooms rooms, WorkerPool* exports)
      : calls_(calls), rooms_(rooms), exports_(exports) {}

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

 private:
  CallRooms* const calls_;
  const ListRooms rooms_;
  WorkerPool* const exports_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_HASH_LIST_SERVICE_H_
