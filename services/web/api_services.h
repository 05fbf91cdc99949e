#ifndef LENSCAP_SERVICES_WEB_API_SERVICES_H_
#define LENSCAP_SERVICES_WEB_API_SERVICES_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"

namespace lenscap {

// Every service of the API, whether a server offers it or not: what it does not
// offer is UNIMPLEMENTED.
std::vector<const google::protobuf::ServiceDescriptor*> ApiServices();

// "/v1/TakedownService/Lease"
std::string PathOf(const google::protobuf::MethodDescriptor& method);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_API_SERVICES_H_
