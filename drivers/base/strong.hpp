// SPDX-License-Identifier: EUPL-1.2
// Strong<Tag, Rep>: a value that cannot be mixed up with another of the same representation.
#pragma once

#include <compare>
#include <utility>

namespace base {

template <class Tag, class Rep>
class Strong {
  public:
    constexpr Strong() = default;
    constexpr explicit Strong(Rep value) : value_(std::move(value)) {}
    [[nodiscard]] constexpr const Rep& get() const { return value_; }
    friend constexpr auto operator<=>(const Strong&, const Strong&) = default;

  private:
    Rep value_{};
};

}  // namespace base
