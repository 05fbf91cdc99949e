#ifndef LENSCAP_MEDIA_DECODER_WORKER_H_
#define LENSCAP_MEDIA_DECODER_WORKER_H_

namespace lenscap {

// The life of a decoder process: takes kDecoderSocket and kDecoderMemory
// (media/decoder_protocol.h), enters the jail, and decodes what it is sent
// until the socket ends. Returns the exit code. To be called once, in a process
// that has one thread and nothing to lose.
int RunDecoderWorker();

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DECODER_WORKER_H_
