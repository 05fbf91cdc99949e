#ifndef LENSCAP_SERVICES_SCAN_ID_H_
#define LENSCAP_SERVICES_SCAN_ID_H_

#include <string>

namespace lenscap {

// "scan-" and 32 hexadecimal digits that nobody can guess and that no two
// scans share, whichever process names them.
std::string NewScanId();

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_ID_H_
