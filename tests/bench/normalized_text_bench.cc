// The cost of reading a listing of 300 bytes, and of a megabyte of what was
// typed to make it cost more, beside ICU's NFKC_Casefold of the same text.

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <string>

#include "absl/strings/string_view.h"
#include "benchmark/benchmark.h"
#include "listings/normalized_text.h"

namespace lenscap {
namespace {

constexpr size_t kListing = 300;
constexpr size_t kMegabyte = 1'000'000;

constexpr absl::string_view kChinese =
    "针孔摄像头 1080P 高清夜视，充电器伪装，远程监控，免布线 WiFi 4K 扌白摄 ";
constexpr absl::string_view kEnglish =
    "Hidden spy camera, 1080P WiFi nanny-cam with night vision: h1dden! ";
constexpr absl::string_view kRussian = "Скрытая камера для дома, запись звука ";

std::string Repeated(absl::string_view what, size_t bytes) {
  std::string text;
  while (text.size() < bytes) text.append(what.data(), what.size());
  return text;
}

void BM_Normalize(benchmark::State& state, absl::string_view what,
                  size_t bytes) {
  const std::string original = Repeated(what, bytes);
  NormalizedText text;
  for (auto _ : state) {
    Normalizer::Get().Normalize(original, &text);
    benchmark::DoNotOptimize(text);
  }
  state.SetBytesProcessed(state.iterations() * original.size());
}

void BM_Icu(benchmark::State& state, absl::string_view what, size_t bytes) {
  const std::string original = Repeated(what, bytes);
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* const normalizer =
      icu::Normalizer2::getNFKCCasefoldInstance(code);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        normalizer->normalize(icu::UnicodeString::fromUTF8(original), code));
  }
  state.SetBytesProcessed(state.iterations() * original.size());
}

BENCHMARK_CAPTURE(BM_Normalize, chinese, kChinese, kListing);
BENCHMARK_CAPTURE(BM_Icu, chinese, kChinese, kListing);
BENCHMARK_CAPTURE(BM_Normalize, english, kEnglish, kListing);
BENCHMARK_CAPTURE(BM_Icu, english, kEnglish, kListing);
BENCHMARK_CAPTURE(BM_Normalize, russian, kRussian, kListing);
BENCHMARK_CAPTURE(BM_Icu, russian, kRussian, kListing);

BENCHMARK_CAPTURE(BM_Normalize, marks, "a\u0301\u0327", kMegabyte);
BENCHMARK_CAPTURE(BM_Icu, marks, "a\u0301\u0327", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, overrides, "\u202e", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, expanding, "\ufdfa", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, composing, "\u0e38\u0e48", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, pinyin, "zhen", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, leet, "a1", kMegabyte);
BENCHMARK_CAPTURE(BM_Normalize, surrogates, "\xed\xa0\x80", kMegabyte);

}  // namespace
}  // namespace lenscap

BENCHMARK_MAIN();
