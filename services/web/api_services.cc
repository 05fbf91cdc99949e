#include "services/web/api_services.h"

#include "absl/strings/str_cat.h"
#include "proto/lenscap/v1/access.pb.h"
#include "proto/lenscap/v1/evidence.pb.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "proto/lenscap/v1/intake.pb.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "proto/lenscap/v1/report.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

std::vector<const google::protobuf::ServiceDescriptor*> ApiServices() {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  // A message of each file, so that the file is linked in.
  for (const auto* message :
       {v1::Identity::descriptor(), v1::Still::descriptor(),
        v1::GetListRequest::descriptor(), v1::ReportPart::descriptor(),
        v1::ListingReport::descriptor(), v1::Outcome::descriptor(),
        v1::CampaignRequest::descriptor(), v1::ScanReport::descriptor(),
        v1::Case::descriptor()}) {
    for (int i = 0; i < message->file()->service_count(); ++i) {
      services.push_back(message->file()->service(i));
    }
  }
  return services;
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return absl::StrCat("/v1/", method.service()->name(), "/", method.name());
}

}  // namespace lenscap
