#ifndef LENSCAP_SERVICES_CLI_LOCAL_DECODER_H_
#define LENSCAP_SERVICES_CLI_LOCAL_DECODER_H_

#include "media/video_reader.h"

namespace lenscap::cli {

// Decodes what strangers made in a jail where there is one. A person who scans
// files of their own choice is served without, too. Thread-safe.
OpenVideo OpenInJailIfPossible();

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LOCAL_DECODER_H_
