// SPDX-License-Identifier: EUPL-1.2
// The kiosk's heap forgets: whatever is given back is overwritten first, so that no text about a
// person survives its object in freed memory, whoever made the copy (K1, LR-43; secrets wipe
// themselves besides). Replaces the global operators of this program only. Costs a memset of what
// is freed. Any thread.
#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

namespace {

// NOLINTBEGIN(cppcoreguidelines-no-malloc): this is what the containers stand on.
void* taken(std::size_t bytes) {
    void* memory = std::malloc(bytes == 0 ? 1 : bytes);
    // Without memory the kiosk ends, is started anew, and the journal is what counts (style 16).
    if (memory == nullptr) std::abort();
    return memory;
}

void given_back(void* memory) noexcept {
    if (memory == nullptr) return;
    ::explicit_bzero(memory, ::malloc_usable_size(memory));
    std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

void* operator new(std::size_t bytes) {
    return taken(bytes);
}
void* operator new[](std::size_t bytes) {
    return taken(bytes);
}
void operator delete(void* memory) noexcept {
    given_back(memory);
}
void operator delete[](void* memory) noexcept {
    given_back(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    given_back(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    given_back(memory);
}
