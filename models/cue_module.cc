#include "models/cue_module.h"

#include <ATen/ops/zeros.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "models/cue_tensors.h"

namespace lenscap {
namespace {

// The module's methods, in TorchScript. Footage is [n, 128, 128].
constexpr char kSource[] = R"(
# The edges of a picture: where neighbouring samples differ most, a fifth of it
# or so (told by some of the samples, which is quicker), and by 1 % of black to
# white at least.
def edges(self, grey: Tensor) -> Tensor:
    corner = grey[:, :-1, :-1]
    across = grey[:, :-1, 1:] - corner
    down = grey[:, 1:, :-1] - corner
    step = (across * across + down * down).sqrt()
    some = step.flatten(1)[:, ::5]
    strongest = some.kthvalue(int(0.8 * some.size(1)), 1)[0]
    least = strongest.clamp(min=0.01)
    return (step > least.unsqueeze(1).unsqueeze(2)).float()

# How often an edge of one frame is one of any other frame, by chance, where
# `counts` says in how many frames there is an edge.
def persistence(self, again: Tensor, counts: Tensor, n: int) -> Tensor:
    return again / (counts * max(n - 1, 1)).clamp(min=1e-6)

# Sums of the blocks of 16x16.
def blocks(self, cells: Tensor) -> Tensor:
    square = torch.constant_pad_nd(cells, [0, 1, 0, 1], 0.0)
    return square.reshape(8, 16, 8, 16).sum(3).sum(1)

def measure(self, luma: Tensor, times: Tensor, saturation: Tensor) -> Tensor:
    n = luma.size(0)
    grey = luma.float() / 255.0
    edges = self.edges(grey)
    counts = edges.sum(0)
    again = counts * (counts - 1.0)
    whole = self.persistence(again.sum(), counts.sum(), n)

    counts = self.blocks(counts)
    again = self.blocks(again)
    textured = counts >= 0.02 * 16 * 16 * n
    block = torch.zeros([])
    if bool(textured.any()):
        block = self.persistence(again, counts, n)[textured].median()

    change = torch.zeros([])
    if n > 1:
        difference = (grey[1:] - grey[:-1]).abs().mean([1, 2])
        mean = grey.mean([1, 2])
        variance = (grey * grey).mean([1, 2]) - mean * mean
        contrast = variance.clamp(min=0.0).sqrt()[1:]
        change = (difference / (contrast + 0.02)).median()
    # Codecs alone move a sample by less than 8 %.
    span = grey.amax([0]) - grey.amin([0])
    activity = (span > 0.08).float().mean()
    colour = saturation.float().mean()
    return torch.stack([whole, block, (change + 0.01).log(),
                        (colour + 0.5).log(), activity,
                        edges.mean()]).double()

# As 12.3.
def tenths(self, value: float) -> str:
    whole = int(round(10.0 * value))
    return str(whole // 10) + "." + str(whole % 10)

def forward(self, luma: Tensor, times: Tensor,
            saturation: Tensor) -> Tuple[Tensor, List[str]]:
    measures = self.measure(luma, times, saturation)
    probabilities = (self.weights.mv(measures) + self.bias).sigmoid()
    span = self.tenths(float(times[-1] - times[0])) + " s"
    persistence = str(int(round(100.0 * float(measures[0])))) + " %"
    colour = self.tenths(float(saturation.mean()) / 1.28) + " %"
    if float(measures[5]) < 0.002:
        plain = "The pictures are too dark or plain to judge."
        return torch.zeros_like(probabilities), [plain, plain]
    angle = persistence + " of the edges keep their place over " + span + "."
    if float(measures[4]) < 0.0005:
        probabilities[0] = 0.0
        angle = "Nothing moves in " + span + ": a still picture."
    infrared = "The colours are " + colour + " away from grey on average."
    return probabilities, [angle, infrared]
)";

torch::jit::Module DefineModule(absl::Span<const LinearCue> cues) {
  torch::jit::Module module("CueModule");
  c10::List<std::string> names;
  const int64_t n = cues.size();
  const at::Tensor weights = at::zeros({n, kCueMeasures}, at::kDouble);
  const at::Tensor bias = at::zeros({n}, at::kDouble);
  for (int64_t i = 0; i < n; ++i) {
    names.push_back(cues[i].name);
    bias.data_ptr<double>()[i] = cues[i].bias;
    std::copy_n(cues[i].weights.begin(), kCueMeasures,
                weights.data_ptr<double>() + i * kCueMeasures);
  }
  module.register_attribute("cue_names", c10::ListType::ofStrings(), names);
  module.register_buffer("weights", weights);
  module.register_buffer("bias", bias);
  module.define(kSource);
  module.eval();
  return module;
}

// Runs `function` and turns what libtorch throws into a Status.
template <typename Result, typename Function>
absl::StatusOr<Result> CatchTorch(const Function& function) {
  try {
    return function();
  } catch (const c10::Error& error) {
    return absl::InternalError(error.what_without_backtrace());
  } catch (const std::exception& error) {
    return absl::InternalError(error.what());
  }
}

}  // namespace

absl::StatusOr<std::vector<double>> MeasureCues(
    absl::Span<const CueFrame> frames) {
  if (frames.empty()) return absl::InvalidArgumentError("no frames");
  return CatchTorch<std::vector<double>>([&] {
    static const torch::jit::Module* const module =
        new torch::jit::Module(DefineModule({}));
    const c10::InferenceMode inference;
    const at::Tensor measures =
        module->get_method("measure")(CueTensors(frames)).toTensor();
    const double* const values = measures.data_ptr<double>();
    return std::vector<double>(values, values + measures.numel());
  });
}

absl::StatusOr<std::string> SerializeCueModule(
    absl::Span<const LinearCue> cues) {
  if (cues.size() != 2 || cues[0].name != "fixed_angle" ||
      cues[1].name != "infrared") {
    return absl::InvalidArgumentError(
        "the module scores fixed_angle and infrared, in this order");
  }
  for (const LinearCue& cue : cues) {
    if (cue.weights.size() != kCueMeasures) {
      return absl::InvalidArgumentError(
          absl::StrCat(cue.name, ": wants ", kCueMeasures, " weights, has ",
                       cue.weights.size()));
    }
  }
  return CatchTorch<std::string>([&] {
    std::ostringstream file;
    DefineModule(cues).save(file);
    return file.str();
  });
}

}  // namespace lenscap
