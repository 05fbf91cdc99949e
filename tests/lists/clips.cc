#include "tests/lists/clips.h"

#include <cstdlib>
#include <utility>

#include "base/small_file.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "lists/list_reader.h"
#include "lists/list_writer.h"

namespace lenscap {
namespace {

int Below(int below, std::mt19937_64& random) {
  return static_cast<int>(random() % static_cast<uint64_t>(below));
}

Hash256 RandomHash(std::mt19937_64& random) {
  return {{random(), random(), random(), random()}};
}

template <typename Digest>
Digest RandomDigest(std::mt19937_64& random) {
  Digest digest = {};
  for (uint8_t& byte : digest) byte = static_cast<uint8_t>(random());
  return digest;
}

void AddFrames(std::mt19937_64& random, Clip* clip) {
  absl::Duration time;
  for (int i = 1 + Below(20, random); i > 0; --i) {
    ReferenceFrame frame{.hash = RandomHash(random),
                         .quality = Below(101, random),
                         .time = time};
    frame.until = time + absl::Microseconds(Below(3, random) * 1'234'567);
    time = frame.until + absl::Microseconds(Below(2, random) * 333'333);
    clip->frames.push_back(frame);
  }
  clip->duration = time + absl::Microseconds(Below(1'000'000, random));
}

void AddImages(std::mt19937_64& random, Clip* clip) {
  for (int i = 0; i < 1 + Below(3, random); ++i) {
    const absl::Duration time = absl::Seconds(i);
    clip->frames.push_back(
        {RandomHash(random), Below(101, random), time, time});
    clip->duration = time;
  }
}

void AddDetail(std::mt19937_64& random, Clip* clip) {
  clip->detail.size = {1, 0.5625};
  WindowFrame window;
  window.until = clip->duration;
  for (Pdq& pdq : window.windows) {
    pdq = {.hash = RandomHash(random), .quality = Below(101, random)};
  }
  clip->detail.windows.push_back(window);
  clip->detail.keypoints.push_back(
      {RandomHash(random), {0.25, 0.125}, 0.5f, 1.5f});
  clip->detail.scenes.push_back(
      {RandomHash(random), 77, {absl::ZeroDuration(), clip->duration}});
}

void AddTerms(std::mt19937_64& random, EntryTerms* terms) {
  if (Below(2, random)) terms->category = "Umkleide \"ö\"\n\u2028/\\\x7f";
  if (Below(2, random)) {
    terms->expires = absl::FromUnixSeconds(1'800'000'000 + Below(9999, random));
  }
  terms->max_distance = Below(32, random);
  terms->advice = static_cast<Advice>(Below(3, random));
  for (int i = Below(3, random); i > 0; --i) terms->assessors.push_back("김");
}

}  // namespace

Clip RandomClip(const std::string& list_id, const std::string& entry_id,
                std::mt19937_64& random) {
  Clip clip;
  clip.list_id = list_id;
  clip.entry_id = entry_id;
  clip.severity = static_cast<Severity>(1 + Below(3, random));
  switch (Below(3, random)) {
    case 0:
      AddFrames(random, &clip);
      break;
    case 1:
      AddImages(random, &clip);
      break;
    default:  // Known by its digests alone.
      clip.md5 = RandomDigest<Md5>(random);
  }
  if (Below(2, random)) clip.sha256 = RandomDigest<Sha256>(random);
  if (Below(2, random)) clip.sha1 = RandomDigest<Sha1>(random);
  if (Below(2, random)) AddDetail(random, &clip);
  AddTerms(random, &clip.terms);
  return clip;
}

bool SameClip(const Clip& a, const Clip& b) {
  const auto detail = [](const Clip& clip) {
    return clip.detail.empty() ? "" : EncodeDetail(clip.detail);
  };
  return a.list_id == b.list_id && a.entry_id == b.entry_id &&
         a.severity == b.severity && a.duration == b.duration &&
         a.frames == b.frames && a.sha256 == b.sha256 && a.md5 == b.md5 &&
         a.sha1 == b.sha1 && a.terms == b.terms && detail(a) == detail(b);
}

EntryChange Addition(const Clip& clip) {
  EntryChange change;
  change.clip = clip;
  return change;
}

ListEnvelope SomeEnvelope() {
  ListEnvelope envelope;
  envelope.list_id = "list";
  envelope.issuer = "Hotline Example";
  envelope.terms = {.legal_basis = "Example Act",
                    .jurisdictions = {"EU", "KR"},
                    .expires = absl::FromUnixSeconds(1'800'000'000)};
  envelope.version = 1;
  envelope.issued = absl::FromUnixSeconds(1'750'000'000);
  return envelope;
}

ListEnvelope WriteClips(const std::string& path, const std::vector<Clip>& clips,
                        bool compress) {
  auto writer = ListWriter::Create(path);
  if (!writer.ok()) std::abort();
  for (const Clip& clip : clips) {
    if (!writer->Add(Addition(clip)).ok()) std::abort();
  }
  auto envelope = writer->Finish(SomeEnvelope(), compress);
  if (!envelope.ok()) std::abort();
  return *std::move(envelope);
}

absl::StatusOr<std::vector<EntryChange>> ReadList(
    std::unique_ptr<ByteReader> file, const ZstdLimits& limits) {
  ASSIGN_OR_RETURN(const auto reader,
                   ListReader::Open(std::move(file), limits));
  std::vector<EntryChange> changes;
  while (true) {
    ASSIGN_OR_RETURN(auto change, reader->Next());
    if (!change) return changes;
    changes.push_back(*std::move(change));
  }
}

std::string KnownFile(const std::string& name) {
  auto bytes = ReadSmallFile("tests/data/lists/" + name, 1 << 20);
  if (!bytes.ok()) std::abort();
  return *std::move(bytes);
}

}  // namespace lenscap
