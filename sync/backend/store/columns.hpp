// SPDX-License-Identifier: EUPL-1.2
// Small conversions between columns and our types. Columns are written by us alone, so a wrong
// length is a damaged database and stops the program (CHECK). Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/uuid.hpp"

namespace backend {

/// The bytes of a column of fixed length.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> array_of(base::ByteView bytes) {
    CHECK(bytes.size() == N);
    std::array<std::uint8_t, N> array{};
    std::ranges::copy(bytes, array.begin());
    return array;
}

[[nodiscard]] inline base::Uuid uuid_of(base::ByteView bytes) {
    return base::Uuid(array_of<16>(bytes));
}

/// A count of ours as a column; ours stay far below 2^63.
[[nodiscard]] inline std::int64_t column_of(std::uint64_t value) {
    CHECK(value <= static_cast<std::uint64_t>(INT64_MAX));
    return static_cast<std::int64_t>(value);
}

}  // namespace backend
