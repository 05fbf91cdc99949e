// Reads the byte behind a block of heap memory.

#include <cstring>
#include <memory>

int main(int argc, char**) {
  const size_t size = 16 + static_cast<size_t>(argc);
  const std::unique_ptr<char[]> block(new char[size]);
  std::memset(block.get(), 0, size);
  // The compiler may not look through this.
  const char* const volatile bytes = block.get();
  return bytes[size] == 127 ? 1 : 0;
}
