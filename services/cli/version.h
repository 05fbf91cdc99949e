#ifndef LENSCAP_SERVICES_CLI_VERSION_H_
#define LENSCAP_SERVICES_CLI_VERSION_H_

namespace lenscap::cli {

// Of this program; the API's version is in the name of its protobuf package.
inline constexpr char kVersion[] = "0.1.0";

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_VERSION_H_
