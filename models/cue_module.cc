#include "models/cue_module.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr int64_t kMaxAlphabet = 1000;
constexpr double kMaxViews = 64;  // Rows, and columns.
constexpr size_t kMaxSpans = 256;
constexpr size_t kMaxSentence = 1000;
constexpr size_t kLookedStills = 4;  // That forward gets.

// What libtorch throws, in one line.
std::string Reason(const std::exception& error) {
  const auto* const of_torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text =
      of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

absl::Status WrongOutput(absl::string_view method, absl::string_view why) {
  return absl::InternalError(absl::StrCat(method, "'s output ", why));
}

std::optional<std::vector<std::string>> Strings(const c10::IValue& value) {
  if (!value.isList()) return std::nullopt;
  std::vector<std::string> strings;
  for (const c10::IValue& string : value.toList().vec()) {
    if (!string.isString()) return std::nullopt;
    strings.push_back(string.toStringRef());
  }
  return strings;
}

// Of any shape and kind of number, where all are finite.
std::optional<std::vector<double>> Numbers(const c10::IValue& value) {
  if (!value.isTensor()) return std::nullopt;
  const at::Tensor numbers =
      value.toTensor().to(at::kCPU, at::kDouble).contiguous();
  const double* const data = numbers.data_ptr<double>();
  std::vector<double> result(data, data + numbers.numel());
  for (const double number : result) {
    if (!std::isfinite(number)) return std::nullopt;
  }
  return result;
}

// Pictures of one size as uint8 [n, height, width].
template <typename Pictures, typename LumaOf>
at::Tensor Stack(const Pictures& pictures, int64_t height, int64_t width,
                 LumaOf luma_of) {
  const int64_t n = pictures.size();
  at::Tensor stack = at::empty({n, height, width}, at::kByte);
  uint8_t* to = stack.data_ptr<uint8_t>();
  for (const auto& picture : pictures) {
    const auto& luma = luma_of(picture);
    to = std::copy(luma.begin(), luma.end(), to);
  }
  return stack;
}

at::Tensor StackStills(absl::Span<const CueStill* const> stills) {
  std::vector<CueStill> small;
  for (const CueStill* still : stills) {
    small.push_back(Shrink(*still, CueModule::kLookedSide));
  }
  return Stack(
      small, small[0].height, small[0].width,
      [](const CueStill& still) -> const auto& { return still.luma; });
}

at::Tensor TimesOf(const CueFootage& footage) {
  const int64_t n = footage.frames.size();
  at::Tensor times = at::empty({n}, at::kDouble);
  for (int64_t i = 0; i < n; ++i) {
    times.data_ptr<double>()[i] = absl::ToDoubleSeconds(footage.frames[i].time);
  }
  return times;
}

at::Tensor ColoursOf(const CueFootage& footage) {
  const int64_t n = footage.frames.size();
  at::Tensor colours = at::empty({n, 2}, at::kFloat);
  float* to = colours.data_ptr<float>();
  for (const CueFrame& frame : footage.frames) {
    *to++ = frame.colour.saturation;
    *to++ = frame.colour.variety;
  }
  return colours;
}

// A row for the whole video and one for each window: start, end, measures.
at::Tensor MotionOf(const CameraMotion& motion) {
  const int64_t rows = 1 + motion.windows.size();
  at::Tensor windows = at::empty({rows, 2 + kMotionMeasures}, at::kDouble);
  double* to = windows.data_ptr<double>();
  for (int64_t i = 0; i < rows; ++i) {
    const MotionWindow& window = i == 0 ? motion.whole : motion.windows[i - 1];
    *to++ = absl::ToDoubleSeconds(window.span.start);
    *to++ = absl::ToDoubleSeconds(window.span.end);
    to = std::copy(window.measures.begin(), window.measures.end(), to);
  }
  return windows;
}

class TorchModule final : public CueModule {
 public:
  explicit TorchModule(torch::jit::Module module)
      : module_(std::move(module)),
        device_(at::hasCUDA() ? at::kCUDA : at::kCPU) {
    module_.eval();
    module_.to(device_);
  }

  // Reads the attributes and tries each method on made-up footage, so that a
  // module of another shape is found now.
  absl::Status Check() {
    const auto names = Attribute("cue_names");
    if (!names) return absl::InvalidArgumentError("has no list cue_names");
    names_ = *names;
    const std::set<std::string> distinct(names_.begin(), names_.end());
    if (names_.empty() || distinct.count("") != 0 ||
        distinct.size() != names_.size()) {
      return absl::InvalidArgumentError(
          "cue_names must be distinct names, at least one");
    }
    if (!module_.find_method("forward")) {
      return absl::InvalidArgumentError("has no method forward");
    }
    if (const absl::Status status = CheckReader(); !status.ok()) return status;
    const absl::Status status = TryAll();
    return status.ok() ? status : absl::InvalidArgumentError(status.message());
  }

  const std::vector<std::string>& cue_names() const override { return names_; }
  bool reads_text() const override { return !alphabet_.empty(); }

  absl::StatusOr<TextMap> FindText(
      absl::Span<const CueStill* const> stills) const override {
    ASSIGN_OR_RETURN(const c10::IValue output,
                     Call("find_text", {StackStills(stills)}));
    if (!output.isTensor() || output.toTensor().dim() != 4 ||
        output.toTensor().size(0) != static_cast<int64_t>(stills.size()) ||
        output.toTensor().size(1) != 2 || output.toTensor().numel() == 0) {
      return WrongOutput("find_text", "is not [stills, 2, height, width]");
    }
    const at::Tensor map = output.toTensor()
                               .to(at::kCPU, at::kFloat)
                               .sigmoid()
                               .nan_to_num(0.0)
                               .mean(0)
                               .contiguous();
    const int64_t cells = map.size(1) * map.size(2);
    const float* const data = map.data_ptr<float>();
    return TextMap{.width = static_cast<int>(map.size(2)),
                   .height = static_cast<int>(map.size(1)),
                   .text = {data, data + cells},
                   .clock = {data + cells, data + 2 * cells}};
  }

  absl::StatusOr<std::vector<std::string>> ReadLines(
      absl::Span<const LinePicture> lines) const override {
    const auto luma = [](const LinePicture& line) -> const auto& {
      return line.luma;
    };
    ASSIGN_OR_RETURN(const c10::IValue output,
                     Call("read_text", {Stack(lines, LinePicture::kHeight,
                                              lines[0].width, luma)}));
    const auto classes = static_cast<int64_t>(alphabet_.size()) + 1;
    if (!output.isTensor() || output.toTensor().dim() != 3 ||
        output.toTensor().size(0) != static_cast<int64_t>(lines.size()) ||
        output.toTensor().size(2) != classes) {
      return WrongOutput("read_text",
                         absl::StrCat("is not [lines, steps, ", classes, "]"));
    }
    const at::Tensor scores =
        output.toTensor().to(at::kCPU, at::kFloat).contiguous();
    const size_t size = scores.size(1) * classes;
    std::vector<std::string> texts;
    for (size_t i = 0; i < lines.size(); ++i) {
      texts.push_back(
          DecodeLine({scores.data_ptr<float>() + i * size, size}, alphabet_));
    }
    return texts;
  }

  absl::StatusOr<CueScores> Score(const CueFootage& footage,
                                  const CameraMotion& motion,
                                  const ClockMeasures& clock) const override {
    const auto luma = [](const auto& picture) -> const auto& {
      return picture.luma;
    };
    at::Tensor clocks = at::empty({kClockMeasures}, at::kDouble);
    std::copy(clock.begin(), clock.end(), clocks.data_ptr<double>());
    ASSIGN_OR_RETURN(
        const c10::IValue output,
        Call("forward",
             {Stack(footage.frames, CueFrame::kSide, CueFrame::kSide, luma),
              TimesOf(footage), ColoursOf(footage), MotionOf(motion),
              StackStills(SomeOf(footage.stills, kLookedStills)), clocks}));
    return Read(output);
  }

 private:
  std::optional<std::vector<std::string>> Attribute(const char* name) const {
    if (!module_.hasattr(name)) return std::nullopt;
    return Strings(module_.attr(name));
  }

  // Finding and reading text are optional; both or none.
  absl::Status CheckReader() {
    const bool finds = module_.find_method("find_text").has_value();
    const bool reads = module_.find_method("read_text").has_value();
    if (finds != reads) {
      return absl::InvalidArgumentError(
          "has one of find_text and read_text without the other");
    }
    if (!reads) return absl::OkStatus();
    const auto alphabet = Attribute("alphabet");
    if (!alphabet || alphabet->empty() || alphabet->size() > kMaxAlphabet) {
      return absl::InvalidArgumentError(
          "reads text and has no list alphabet of at most 1000 characters");
    }
    alphabet_ = *alphabet;
    return absl::OkStatus();
  }

  absl::Status TryAll() const {
    CueFootage footage;
    footage.frames.resize(3);
    footage.stills.resize(2);
    for (size_t i = 0; i < footage.frames.size(); ++i) {
      CueFrame& frame = footage.frames[i];
      frame.time = absl::Seconds(static_cast<int64_t>(i));
      for (size_t k = 0; k < frame.luma.size(); ++k) {
        frame.luma[k] = static_cast<uint8_t>(k * (i + 7) / 5);
      }
    }
    for (CueStill& still : footage.stills) {
      still = {.time = {}, .width = 70, .height = 40, .luma = {}};
      for (int k = 0; k < 70 * 40; ++k) {
        still.luma.push_back(static_cast<uint8_t>(k * 7));
      }
    }
    if (reads_text()) {
      RETURN_IF_ERROR(
          FindText({&footage.stills[0], &footage.stills[1]}).status());
      const LinePicture line = {
          .width = LinePicture::kMinWidth,
          .luma = std::vector<uint8_t>(
              LinePicture::kMinWidth * LinePicture::kHeight, 99)};
      RETURN_IF_ERROR(ReadLines({line, line}).status());
    }
    return Score(footage, MeasureMotion(footage.frames), {}).status();
  }

  absl::StatusOr<c10::IValue> Call(const char* method,
                                   std::vector<at::Tensor> tensors) const {
    try {
      const c10::InferenceMode inference;
      // Footage comes in any size; a plan for each would cost more to make than
      // it saves.
      const torch::jit::GraphOptimizerEnabledGuard no_plans(false);
      std::vector<c10::IValue> arguments;
      for (at::Tensor& tensor : tensors) {
        arguments.emplace_back(tensor.to(device_));
      }
      return module_.get_method(method)(std::move(arguments));
    } catch (const std::exception& error) {
      return absl::InternalError(absl::StrCat(method, ": ", Reason(error)));
    }
  }

  absl::StatusOr<CueScores> Read(const c10::IValue& output) const {
    try {
      return ReadParts(output);
    } catch (const std::exception& error) {
      return WrongOutput("forward", absl::StrCat("is odd: ", Reason(error)));
    }
  }

  absl::StatusOr<CueScores> ReadParts(const c10::IValue& output) const {
    if (!output.isTuple() || output.toTupleRef().elements().size() != 3 ||
        !output.toTupleRef().elements()[2].isGenericDict()) {
      return WrongOutput("forward",
                         "is not a tensor, a list of strings and a dictionary");
    }
    const auto& parts = output.toTupleRef().elements();
    const size_t n = names_.size();
    CueScores scores;
    const auto probabilities = Numbers(parts[0]);
    if (!probabilities || probabilities->size() != n) {
      return WrongOutput("forward",
                         absl::StrCat("has not ", n, " probabilities"));
    }
    scores.probabilities = *probabilities;
    for (size_t i = 0; i < n; ++i) {
      if (scores.probabilities[i] < 0 || scores.probabilities[i] > 1) {
        return WrongOutput(
            "forward", absl::StrCat("gives ", names_[i], " the probability ",
                                    scores.probabilities[i]));
      }
    }
    const auto evidence = Strings(parts[1]);
    if (!evidence || evidence->size() != n) {
      return WrongOutput("forward", absl::StrCat("has not ", n, " sentences"));
    }
    for (const std::string& sentence : *evidence) {
      scores.evidence.push_back(sentence.substr(0, kMaxSentence));
    }
    RETURN_IF_ERROR(ReadDetails(parts[2], scores));
    return scores;
  }

  // Entries that are not there keep what stands for nothing.
  absl::Status ReadDetails(const c10::IValue& value, CueScores& scores) const {
    const auto details = value.toGenericDict();
    const auto read = [&](const char* name) {
      std::optional<std::vector<double>> numbers = std::vector<double>();
      if (details.contains(name)) numbers = Numbers(details.at(name));
      return numbers;
    };
    const auto spans = read("spans");
    const auto contributions = read("contributions");
    const auto distortion = read("distortion");
    const auto grid = read("grid");
    const auto features = read("features");
    if (!spans || !contributions || !distortion || !grid || !features) {
      return WrongOutput("forward", "has details that are no finite tensors");
    }
    const size_t n = names_.size();
    scores.spans.resize(n);
    for (size_t i = 0; i + 3 <= std::min(spans->size(), 3 * kMaxSpans);
         i += 3) {
      const double cue = (*spans)[i];
      if (!(cue >= 0 && cue < static_cast<double>(n))) continue;
      scores.spans[static_cast<size_t>(cue)].push_back(
          {absl::Seconds((*spans)[i + 1]), absl::Seconds((*spans)[i + 2])});
    }
    scores.contributions = *contributions;
    scores.contributions.resize(n);
    if (!distortion->empty()) {
      scores.distortion = std::clamp((*distortion)[0], 0.0, 1.0);
    }
    if (grid->size() == 2) {
      scores.rows = static_cast<int>(std::clamp((*grid)[0], 1.0, kMaxViews));
      scores.columns = static_cast<int>(std::clamp((*grid)[1], 1.0, kMaxViews));
    }
    scores.features = *features;
    return absl::OkStatus();
  }

  torch::jit::Module module_;
  const at::Device device_;
  std::vector<std::string> names_;
  std::vector<std::string> alphabet_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<CueModule>> CueModule::Load(std::string bytes) {
  // A server scores on several threads of its own.
  at::set_num_threads(1);
  try {
    std::istringstream stream(std::move(bytes));
    auto module = std::make_unique<TorchModule>(torch::jit::load(stream));
    RETURN_IF_ERROR(module->Check());
    return module;
  } catch (const std::exception& error) {
    return absl::InvalidArgumentError(Reason(error));
  }
}

}  // namespace lenscap
