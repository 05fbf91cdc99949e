"""The descriptors of protos, with their comments."""

def _proto_descriptors_impl(ctx):
    infos = [dep[ProtoInfo] for dep in ctx.attr.protos]
    sources = depset(transitive = [info.transitive_sources for info in infos])
    roots = depset(transitive = [info.transitive_proto_path for info in infos])
    wanted = []
    for info in infos:
        root = info.proto_source_root
        for src in info.direct_sources:
            path = src.path
            if root and root != "." and path.startswith(root + "/"):
                path = path[len(root) + 1:]
            wanted.append(path)

    args = ctx.actions.args()
    args.add_all(roots, format_each = "--proto_path=%s")
    args.add("--include_imports")
    args.add("--include_source_info")
    args.add(ctx.outputs.out, format = "--descriptor_set_out=%s")
    args.add_all(wanted)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [args],
        inputs = sources,
        outputs = [ctx.outputs.out],
        mnemonic = "ProtoDescriptors",
        progress_message = "Describing the protos of %{label}",
    )

proto_descriptors = rule(
    implementation = _proto_descriptors_impl,
    attrs = {
        "out": attr.output(mandatory = True),
        "protos": attr.label_list(
            doc = "The proto_libraries whose files are described, and all that they import.",
            mandatory = True,
            providers = [ProtoInfo],
        ),
        "_protoc": attr.label(
            default = "@system_libs//:bin/protoc",
            allow_single_file = True,
            cfg = "host",
            executable = True,
        ),
    },
)
