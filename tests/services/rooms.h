#ifndef LENSCAP_TESTS_SERVICES_ROOMS_H_
#define LENSCAP_TESTS_SERVICES_ROOMS_H_

#include <memory>
#include <string>

#include "index/known_clips.h"
#include "index/upload_store.h"
#include "services/admission.h"
#include "services/default_policy.h"
#include "services/hash_list_handler.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "services/screen_video.h"
#include "services/sign_in.h"
#include "services/spool.h"
#include "services/token_store.h"
#include "takedown/evidence_store.h"
#include "takedown/local_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/paths.h"

namespace lenscap {

// The real rooms below the services, in a temporary directory.
struct Rooms {
  explicit Rooms(std::string data_directory = MakeTempDirectory())
      : directory(std::move(data_directory)),
        spool(*Spool::Open(directory + "/spool")),
        tokens(*TokenStore::Open(
            {.directory = directory + "/access", .clock = &clock})),
        clips(*KnownClips::Open(
            {.directory = directory + "/index", .clock = &clock})),
        cases(*OpenLocalQueue(
            {.directory = directory + "/cases", .clock = &clock})),
        uploads(*UploadStore::Open(
            {.directory = directory + "/uploads", .clock = &clock})),
        evidence(*EvidenceStore::Open({.directory = directory + "/evidence",
                                       .key_file = directory + "/keys",
                                       .clock = &clock})) {}

  VideoScreener::Options ScreenerOptions() {
    return {.clips = clips.get(),
            .cases = cases.get(),
            .uploads = uploads.get(),
            .evidence = evidence.get(),
            .cues = nullptr,
            .cues_unavailable = "no model in this test",
            .shadow_cues = nullptr,
            .policy = DefaultPolicy(),
            .limits = {},
            .open_video = VideoReader::Open,
            .metrics = &metrics,
            .news = &news,
            .clock = &clock};
  }
  ListRooms Lists() {
    return {.clips = clips.get(),
            .spool = &spool,
            .admission = &admission,
            .limits = {},
            .open_video = VideoReader::Open};
  }

  const std::string directory;
  FakeClock clock;
  Metrics metrics;
  Notifier news;
  Admission admission{100};
  Spool spool;
  std::unique_ptr<TokenStore> tokens;
  SignIn sign_in{tokens.get(), /*required=*/false};
  std::unique_ptr<KnownClips> clips;
  std::unique_ptr<TakedownQueue> cases;
  std::unique_ptr<UploadStore> uploads;
  std::unique_ptr<EvidenceStore> evidence;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_ROOMS_H_
