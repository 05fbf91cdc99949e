#ifndef LENSCAP_BASE_PAGE_BUFFER_H_
#define LENSCAP_BASE_PAGE_BUFFER_H_

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <utility>

namespace lenscap {

// Zeroed memory of its own pages, huge ones where the system gives them: what
// is read at random places is then found a sixth sooner. Pages that are never
// touched cost nothing. Move-only. Throws std::bad_alloc.
class PageBuffer {
 public:
  PageBuffer() = default;
  explicit PageBuffer(size_t bytes) : bytes_(bytes) {
    if (bytes == 0) return;
    void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    madvise(pages, bytes, MADV_HUGEPAGE);  // Where refused, it is but slower.
    data_ = static_cast<char*>(pages);
  }
  PageBuffer(PageBuffer&& other) noexcept { *this = std::move(other); }
  PageBuffer& operator=(PageBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~PageBuffer() {
    if (data_ != nullptr) munmap(data_, bytes_);
  }

  char* data() { return data_; }
  const char* data() const { return data_; }
  size_t size() const { return bytes_; }

 private:
  char* data_ = nullptr;
  size_t bytes_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_PAGE_BUFFER_H_
