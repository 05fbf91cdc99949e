// Two threads write one variable, and nothing orders them.

#include <thread>

namespace {
long counter = 0;

void Count() {
  for (int i = 0; i < 100'000; ++i) counter = counter + 1;
}
}  // namespace

int main() {
  std::thread other(Count);
  Count();
  other.join();
  return counter == 0 ? 1 : 0;
}
