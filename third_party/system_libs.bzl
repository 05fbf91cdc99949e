"""Third-party C++ libraries from Debian packages, found with pkg-config.

Each entry of _LIBS becomes @system_libs//:<name>. Headers stay where the
package put them (/usr/include is on the compiler's own path and is trusted by
the C++ toolchain); the targets only carry defines, extra include directories
and linker flags.
"""

def _lib(apt, modules = [], linkopts = [], system_includes = [], header = None, deps = []):
    return struct(
        apt = apt,
        modules = modules,
        linkopts = linkopts,
        system_includes = system_includes,
        header = header,
        deps = deps,
    )

def _absl(*components):
    return _lib("libabsl-dev", modules = ["absl_" + c for c in components])

_LIBS = {
    # One target per Abseil package, as upstream has it.
    "absl_algorithm": _absl("algorithm", "algorithm_container"),
    "absl_cleanup": _absl("cleanup"),
    "absl_flags": _absl("flags", "flags_parse", "flags_usage"),
    "absl_hash_containers": _absl("flat_hash_map", "flat_hash_set", "node_hash_map", "node_hash_set", "hash"),
    "absl_span": _absl("span"),
    "absl_status": _absl("status", "statusor"),
    "absl_strings": _absl("strings", "str_format"),
    "absl_synchronization": _absl("synchronization"),
    "absl_time": _absl("time"),
    "benchmark": _lib("libbenchmark-dev", modules = ["benchmark"]),
    "cli11": _lib("libcli11-dev", modules = ["CLI11 >= 2.1"]),
    "cpp_httplib": _lib("libcpp-httplib-dev", modules = ["cpp-httplib", "openssl"]),
    "crypto": _lib("libssl-dev", modules = ["libcrypto"]),
    "curl": _lib("libcurl4-openssl-dev", modules = ["libcurl"]),
    "faiss": _lib(
        "libfaiss-dev",
        header = "/usr/include/faiss/IndexBinaryHash.h",
        linkopts = ["-lfaiss", "-fopenmp", "-lblas", "-llapack"],
    ),
    "ffmpeg": _lib(
        "libavformat-dev libavcodec-dev libavutil-dev libswscale-dev",
        modules = ["libavformat", "libavcodec", "libswscale", "libavutil"],
    ),
    "gmock": _lib("libgmock-dev", modules = ["gmock"]),
    # grpc++.pc names two dozen static-only dependencies; the shared libraries
    # carry their own, so only the API libraries are linked.
    "grpc++": _lib(
        "libgrpc++-dev",
        modules = ["grpc++ >= 1.51"],
        linkopts = ["-lgrpc++", "-lgrpc", "-lgpr"],
        deps = [":protobuf", ":absl_status", ":absl_strings", ":absl_synchronization"],
    ),
    "grpc++_reflection": _lib(
        "libgrpc++-dev",
        header = "/usr/include/grpcpp/ext/proto_server_reflection_plugin.h",
        linkopts = ["-lgrpc++_reflection"],
        deps = [":grpc++"],
    ),
    "gtest": _lib("libgtest-dev", modules = ["gtest"]),
    "gtest_main": _lib("libgmock-dev", modules = ["gmock_main", "gmock", "gtest"]),
    "opencv_features2d": _lib(
        "libopencv-features2d-dev",
        header = "/usr/include/opencv4/opencv2/features2d.hpp",
        linkopts = ["-lopencv_features2d", "-lopencv_imgproc", "-lopencv_core"],
        system_includes = ["/usr/include/opencv4"],
    ),
    "icu": _lib("libicu-dev", modules = ["icu-i18n", "icu-uc"]),
    "nlohmann_json": _lib("nlohmann-json3-dev", modules = ["nlohmann_json"]),
    "pugixml": _lib("libpugixml-dev", modules = ["pugixml"]),
    "prometheus": _lib(
        "prometheus-cpp-dev",
        modules = ["prometheus-cpp-pull", "prometheus-cpp-core"],
    ),
    "protobuf": _lib("libprotobuf-dev", modules = ["protobuf >= 3.21"]),
    "re2": _lib("libre2-dev", modules = ["re2"]),
    "rocksdb": _lib("librocksdb-dev", modules = ["rocksdb >= 7.8"]),
    "torch": _lib(
        "libtorch-dev",
        header = "/usr/include/torch/csrc/api/include/torch/torch.h",
        linkopts = ["-ltorch", "-ltorch_cpu", "-lc10"],
        system_includes = ["/usr/include/torch/csrc/api/include"],
    ),
    "ssl": _lib("libssl-dev", modules = ["libssl", "libcrypto"]),
    "zstd": _lib("libzstd-dev", modules = ["libzstd"]),
    "seccomp": _lib("libseccomp-dev", modules = ["libseccomp"]),
    "turbojpeg": _lib("libturbojpeg0-dev", modules = ["libturbojpeg"]),
    "xxhash": _lib("libxxhash-dev", modules = ["libxxhash"]),
    "yaml_cpp": _lib("libyaml-cpp-dev", modules = ["yaml-cpp"]),
    "zlib": _lib("zlib1g-dev", modules = ["zlib"]),
}

_TOOLS = {
    "grpc_cpp_plugin": "protobuf-compiler-grpc",
    "protoc": "protobuf-compiler",
}

# Directories the compiler searches anyway; naming them again would reorder
# #include_next.
_DEFAULT_INCLUDES = ["/usr/include", "/usr/include/x86_64-linux-gnu"]

def _unique(items):
    return {item: None for item in items}.keys()

def _which(rctx, program, apt):
    path = rctx.which(program)
    if not path:
        fail("%s is not on PATH: apt-get install %s" % (program, apt))
    return path

def _pkg_config(rctx, program, flag, lib):
    result = rctx.execute([program, flag, "--print-errors"] + lib.modules)
    if result.return_code:
        fail("%s\napt-get install %s" % (result.stderr, lib.apt))
    return [f for f in result.stdout.replace("\n", " ").split(" ") if f]

def _render(rctx, program, name, lib):
    if lib.header and not rctx.path(lib.header).exists:
        fail("%s is missing: apt-get install %s" % (lib.header, lib.apt))
    linkopts = lib.linkopts
    includes = lib.system_includes
    defines = []
    if lib.modules:
        cflags = _pkg_config(rctx, program, "--cflags", lib)
        defines = [f[2:] for f in cflags if f.startswith("-D") and f != "-DNOMINMAX"]
        includes = includes + [
            f[2:].rstrip("/")
            for f in cflags
            if f.startswith("-I") and f[2:].rstrip("/") not in _DEFAULT_INCLUDES
        ]
        linkopts = linkopts or _unique(_pkg_config(rctx, program, "--libs", lib))
    return """
system_cc_library(
    name = "{name}",
    defines = {defines},
    linkopts = {linkopts},
    system_includes = {includes},
    deps = {deps},
)
""".format(
        name = name,
        defines = defines,
        deps = lib.deps,
        includes = includes,
        linkopts = linkopts,
    )

def _system_libs_impl(rctx):
    program = _which(rctx, "pkg-config", "pkg-config")
    build = [
        'load("@//third_party:system_cc_library.bzl", "system_cc_library")',
        'package(default_visibility = ["//visibility:public"])',
        "exports_files(%s)" % ["bin/" + tool for tool in _TOOLS],
    ]
    for tool, apt in _TOOLS.items():
        rctx.symlink(_which(rctx, tool, apt), "bin/" + tool)
    for name, lib in _LIBS.items():
        build.append(_render(rctx, program, name, lib))
    rctx.file("BUILD", "\n".join(build), executable = False)

_system_libs_repository = repository_rule(
    implementation = _system_libs_impl,
    configure = True,
    environ = ["PATH", "PKG_CONFIG_PATH"],
    local = True,
)

# The labels that Bazel's native proto_library and cc_proto_library look for.
_WELL_KNOWN = {
    "any": [],
    "api": ["source_context", "type"],
    "descriptor": [],
    "duration": [],
    "empty": [],
    "field_mask": [],
    "source_context": [],
    "struct": [],
    "timestamp": [],
    "type": ["any", "source_context"],
    "wrappers": [],
}

def _system_protobuf_impl(rctx):
    build = ["""
package(default_visibility = ["//visibility:public"])

alias(name = "protoc", actual = "@system_libs//:bin/protoc")

alias(name = "protobuf", actual = "@system_libs//:protobuf")

proto_lang_toolchain(
    name = "cc_toolchain",
    blacklisted_protos = [{protos}],
    command_line = "--cpp_out=$(OUT)",
    runtime = ":protobuf",
)
""".format(protos = ", ".join(['":%s_proto"' % p for p in _WELL_KNOWN]))]
    for name, deps in _WELL_KNOWN.items():
        path = "google/protobuf/%s.proto" % name
        rctx.symlink("/usr/include/" + path, path)
        build.append("""
proto_library(
    name = "{name}_proto",
    srcs = ["{path}"],
    deps = {deps},
)
""".format(name = name, path = path, deps = [":%s_proto" % d for d in deps]))
    rctx.file("BUILD", "\n".join(build), executable = False)

_system_protobuf_repository = repository_rule(
    implementation = _system_protobuf_impl,
    configure = True,
    local = True,
)

def system_libs():
    _system_libs_repository(name = "system_libs")
    _system_protobuf_repository(name = "com_google_protobuf")
