// What it costs to decode in a jailed process: reads each file here and there
// in turn, by every way of sampling, and prints CPU seconds and their ratio.
//
//   bazel run //tests/bench:jail_cost -- [--rounds=N] FILE...

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/time/time.h"
#include "media/byte_source.h"
#include "media/decoder_pool.h"
#include "media/video_reader.h"
#include "tests/media/decoder_programs.h"

ABSL_FLAG(int, rounds, 5, "How often each file is read each way.");

namespace lenscap {
namespace {

double CpuOf(int who) {
  rusage usage;
  getrusage(who, &usage);
  return absl::ToDoubleSeconds(absl::DurationFromTimeval(usage.ru_utime) +
                               absl::DurationFromTimeval(usage.ru_stime));
}

void ReadAll(const std::string& path, Sampling sampling,
             const OpenVideo& open) {
  auto reader = *open(*OpenFileSource(path), {.sampling = sampling});
  while (*reader->Next()) {
  }
}

double CpuHere(const std::string& path, Sampling sampling) {
  const double start = CpuOf(RUSAGE_SELF);
  ReadAll(path, sampling, VideoReader::Open);
  return CpuOf(RUSAGE_SELF) - start;
}

double CpuThere(const std::string& path, Sampling sampling) {
  // What a process took is known once it has ended. That of starting one and
  // of its first file, for which it loads what it needs, does not count: a
  // process does many.
  const auto in_new_pool = [&](int times) {
    const double start = CpuOf(RUSAGE_SELF) + CpuOf(RUSAGE_CHILDREN);
    {
      DecoderPool::Options options;
      options.program = DecoderProgram();
      options.idle = 1;
      auto pool = *DecoderPool::Start(options);
      for (int i = 0; i < times; ++i) {
        ReadAll(path, sampling,
                [&](std::unique_ptr<ByteSource> source, ReaderOptions reading) {
                  return pool->Open(std::move(source), reading);
                });
      }
    }
    return CpuOf(RUSAGE_SELF) + CpuOf(RUSAGE_CHILDREN) - start;
  };
  const double first = in_new_pool(1);
  return (in_new_pool(3) - first) / 2;
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2,
                   values.end());
  return values[values.size() / 2];
}

void Measure(const std::string& path, Sampling sampling, const char* name) {
  std::vector<double> here, there, ratios;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    here.push_back(CpuHere(path, sampling));
    there.push_back(CpuThere(path, sampling));
    ratios.push_back(there.back() / here.back());
  }
  std::printf("%-40s %-9s here %7.3f s  jailed %7.3f s  ratio %.3f\n",
              path.substr(path.rfind('/') + 1).c_str(), name, Median(here),
              Median(there), Median(ratios));
  std::fflush(stdout);
}

}  // namespace
}  // namespace lenscap

int main(int argc, char** argv) {
  const std::vector<char*> paths = absl::ParseCommandLine(argc, argv);
  for (size_t i = 1; i < paths.size(); ++i) {
    using lenscap::Sampling;
    lenscap::Measure(paths[i], Sampling::kSparse, "sparse");
    lenscap::Measure(paths[i], Sampling::kKeyframes, "keyframes");
    lenscap::Measure(paths[i], Sampling::kDense, "dense");
  }
}
