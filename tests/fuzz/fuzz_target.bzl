"""Fuzz targets, as tests and as libFuzzer binaries."""

def fuzz_target(name, srcs, deps, corpus, mutants = 10, size = "small", tags = []):
    """A function LLVMFuzzerTestOneInput and what feeds it.

    Makes <name>_replay_test, which feeds the seeds and mutants of them, with
    any compiler and sanitizer, and <name>, which is libFuzzer's and needs
    --config=fuzz.

    Args:
      name: such as "media_fuzz".
      srcs: the file that defines LLVMFuzzerTestOneInput.
      deps: what it uses.
      corpus: a library that defines FuzzSeeds() of tests/fuzz/seed.h.
      mutants: how many of each seed the test feeds.
      size: of the test.
      tags: of the test.
    """
    native.cc_library(
        name = name + "_target",
        srcs = srcs,
        deps = deps + [":fuzz_target"],
        alwayslink = True,
    )
    native.cc_test(
        name = name + "_replay_test",
        size = size,
        args = ["--mutants=%d" % mutants],
        tags = tags,
        deps = [
            corpus,
            ":" + name + "_target",
            ":replay_main",
        ],
    )
    native.cc_binary(
        name = name,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        deps = [":" + name + "_target"],
    )
