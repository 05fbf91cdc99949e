"""Writes files into a C++ source, for services/web/embedded_file.h.

embed.py FUNCTION PREFIX FILE... makes a function that returns a list of files,
whose names are what comes after PREFIX in their paths. embed.py FUNCTION FILE
makes one that returns the bytes of a single file.
"""

import sys

_LINE = 4000  # Bytes of each literal; compilers dislike long ones.


def literal(data):
    """The bytes as a string_view of adjacent literals."""
    parts = []
    for start in range(0, max(len(data), 1), _LINE):
        part = data[start:start + _LINE]
        parts.append('"' + "".join("\\%03o" % byte for byte in part) + '"')
    return "absl::string_view(%s, %d)" % ("\n".join(parts), len(data))


def main(function, *arguments):
    print('#include "services/web/embedded_file.h"\n\nnamespace lenscap {\n')
    if len(arguments) == 1:
        with open(arguments[0], "rb") as file:
            data = literal(file.read())
        print("absl::string_view %s() { return %s; }" % (function, data))
    else:
        prefix, *paths = arguments
        print("std::vector<EmbeddedFile> %s() {\n  return {" % function)
        for path in paths:
            name = path[path.index(prefix) + len(prefix):]
            with open(path, "rb") as file:
                data = literal(file.read())
            print('{.name = "%s", .bytes = %s},' % (name, data))
        print("};\n}")
    print("\n}  // namespace lenscap")


if __name__ == "__main__":
    main(*sys.argv[1:])
