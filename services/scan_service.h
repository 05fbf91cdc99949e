#ifndef LENSCAP_SERVICES_SCAN_SERVICE_H_
#define LENSCAP_SERVICES_SCAN_SERVICE_H_

#include "proto/lenscap/v1/scan.grpc.pb.h"
#include "services/notifier.h"
#include "services/reactors.h"
#include "services/scan_handler.h"

namespace lenscap {

// ScanService over scan_handler.h. Thread-safe; the rooms must outlive it.
class ScanService final : public v1::ScanService::CallbackService {
 public:
  // `news` tells of each submitted scan that changed, by its id.
  ScanService(CallRooms* calls, ScanRooms rooms, Notifier* news)
      : calls_(calls), rooms_(rooms), news_(news) {}

  grpc::ServerBidiReactor<v1::UploadRequest, v1::ScanEvent>* Scan(
      grpc::CallbackServerContext* context) override;
  grpc::ServerReadReactor<v1::UploadRequest>* Submit(
      grpc::CallbackServerContext* context, v1::SubmitReply* reply) override;
  grpc::ServerUnaryReactor* GetScan(grpc::CallbackServerContext* context,
                                    const v1::GetScanRequest* request,
                                    v1::ScanStatus* reply) override;
  grpc::ServerUnaryReactor* CancelScan(grpc::CallbackServerContext* context,
                                       const v1::GetScanRequest* request,
                                       v1::ScanStatus* reply) override;
  grpc::ServerWriteReactor<v1::ScanStatus>* WatchScan(
      grpc::CallbackServerContext* context,
      const v1::GetScanRequest* request) override;

 private:
  CallRooms* const calls_;
  const ScanRooms rooms_;
  Notifier* const news_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_SERVICE_H_
