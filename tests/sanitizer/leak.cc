// Loses the only pointer to a block of heap memory.

namespace {
int* volatile block = nullptr;
}  // namespace

int main() {
  block = new int[64];
  block = nullptr;
  return 0;
}
