// SPDX-License-Identifier: EUPL-1.2
// RAII for C handles: Deleter for pointers, Handle for integers, Pinned for structs that may point
// into themselves.
#pragma once

#include <optional>
#include <utility>

#include "drivers/base/check.hpp"

namespace base {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* p) const noexcept {
        Free(p);
    }
};

/// Owner of an integer handle; Close runs exactly once.
template <class H, auto Close>
class Handle {
  public:
    Handle() = default;
    explicit Handle(H handle) : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, std::nullopt)) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, std::nullopt);
        }
        return *this;
    }
    ~Handle() { reset(); }
    [[nodiscard]] bool has_value() const { return handle_.has_value(); }
    [[nodiscard]] H get() const {
        CHECK(handle_.has_value());
        return *handle_;
    }
    void reset() noexcept {
        if (handle_) Close(*std::exchange(handle_, std::nullopt));
    }

  private:
    std::optional<H> handle_;
};

/// A C struct that is initialised in place and never moved.
template <class C, auto Init, auto Free>
class Pinned {
  public:
    Pinned() { Init(&context_); }
    ~Pinned() { Free(&context_); }
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;
    Pinned(Pinned&&) = delete;
    Pinned& operator=(Pinned&&) = delete;
    [[nodiscard]] C* get() { return &context_; }
    [[nodiscard]] const C* get() const { return &context_; }

  private:
    C context_;
};

/// Visitor made of lambdas, for std::visit.
template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace base
