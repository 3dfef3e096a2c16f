// SPDX-License-Identifier: EUPL-1.2
// Secret<Tag, N>: at most N bytes that are wiped when moved from and when they die.
// No copy, no compare, no print: reading goes through expose(), so `grep expose` is the audit.
#pragma once

#include <mbedtls/platform_util.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"

namespace base {

/// Overwrites memory that held a secret or something personal; the compiler cannot remove it.
inline void wipe_memory(void* start, std::size_t size) {
    if (size > 0) mbedtls_platform_zeroize(start, size);
}
/// Overwrites bytes that held a secret and empties them.
inline void wipe(Bytes& bytes) {
    if (!bytes.empty()) mbedtls_platform_zeroize(bytes.data(), bytes.size());
    bytes.clear();
}

template <class Tag, std::size_t N>
class Secret {
  public:
    static constexpr std::size_t capacity = N;

    Secret() = default;
    /// Takes a copy of `bytes` (at most N, CHECKed); the caller wipes the source.
    explicit Secret(ByteView bytes) : size_(bytes.size()) {
        CHECK(bytes.size() <= N);
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    Secret(Secret&& other) noexcept : bytes_(other.bytes_), size_(other.size_) { other.wipe(); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            bytes_ = other.bytes_;
            size_ = other.size_;
            other.wipe();
        }
        return *this;
    }
    ~Secret() { wipe(); }

    /// Adds one byte; false if it is full.
    [[nodiscard]] bool push(std::uint8_t byte) {
        if (size_ == N) return false;
        bytes_[size_++] = byte;
        return true;
    }
    /// Takes the last byte away and wipes its place; nothing happens if it is empty.
    void pop() {
        if (size_ == 0) return;
        mbedtls_platform_zeroize(&bytes_[--size_], 1);
    }
    /// A second owner of the same secret, made on purpose and visible in a search.
    [[nodiscard]] Secret clone() const { return Secret(expose()); }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] ByteView expose() const { return {bytes_.data(), size_}; }
    void wipe() {
        mbedtls_platform_zeroize(bytes_.data(), N);
        size_ = 0;
    }

  private:
    std::array<std::uint8_t, N> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace base
