#ifndef LENSCAP_INDEX_PERSISTENT_VECTOR_H_
#define LENSCAP_INDEX_PERSISTENT_VECTOR_H_

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace lenscap {

// A vector without end that holds T{} wherever nothing was set, and that is
// changed by making the next version. Versions share the blocks of elements
// that are the same in both, so a change to a large table costs little. Copies
// are cheap. Thread-safe.
template <typename T, size_t block_size = 256>
class PersistentVector {
 public:
  const T& operator[](size_t i) const {
    static const T* const nothing = new T{};
    const size_t b = i / block_size;
    if (b >= blocks_.size() || blocks_[b] == nullptr) return *nothing;
    return (*blocks_[b])[i % block_size];
  }

  // Calls `visit` with every element that was ever set, in order, and with some
  // that were not.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& block : blocks_) {
      if (block == nullptr) continue;
      for (const T& element : *block) visit(element);
    }
  }

  // With these elements set; of several for one place, the last.
  PersistentVector With(std::vector<std::pair<size_t, T>> elements) const {
    PersistentVector next = *this;
    std::vector<std::shared_ptr<Block>> copies(blocks_.size());
    for (auto& [i, element] : elements) {
      const size_t b = i / block_size;
      if (b >= copies.size()) {
        copies.resize(b + 1);
        next.blocks_.resize(b + 1);
      }
      if (copies[b] == nullptr) {
        copies[b] = next.blocks_[b] == nullptr
                        ? std::make_shared<Block>()
                        : std::make_shared<Block>(*next.blocks_[b]);
        next.blocks_[b] = copies[b];
      }
      (*copies[b])[i % block_size] = std::move(element);
    }
    return next;
  }

 private:
  using Block = std::array<T, block_size>;
  std::vector<std::shared_ptr<const Block>> blocks_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_PERSISTENT_VECTOR_H_
