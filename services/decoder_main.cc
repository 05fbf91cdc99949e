// lenscap_decoder: decodes for lenscapd, which starts it. See
// media/decoder_pool.h.

#include "media/decoder_worker.h"

int main() { return lenscap::RunDecoderWorker(); }
