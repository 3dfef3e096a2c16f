// SPDX-License-Identifier: EUPL-1.2
// Bytes and text are two views of the same; joining keeps order; integers are big-endian at every
// edge and are read from the front only.
#include "drivers/base/bytes.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

TEST_CASE("bytes: a text and its bytes are the same, zeros and high bits included") {
    const std::string text("a\0\x7F\x80\xFF", 5);
    const base::ByteView bytes = base::as_bytes(text);
    REQUIRE(bytes.size() == 5);
    CHECK(bytes[1] == 0x00);
    CHECK(bytes[3] == 0x80);
    CHECK(bytes.data() == static_cast<const void*>(text.data()));
    CHECK(base::as_text(bytes) == text);
    CHECK(base::as_bytes("").empty());
    CHECK(base::as_text({}).empty());
}

TEST_CASE("bytes: parts are joined in their order, empty ones leave nothing") {
    base::Bytes out;
    base::append(out, {});
    CHECK(out.empty());
    base::append(out, base::Bytes{1, 2});
    base::append(out, base::Bytes{3});
    CHECK(out == base::Bytes{1, 2, 3});
    CHECK(base::concat({}).empty());
    CHECK(base::concat({out, {}, base::Bytes{4}, out}) == base::Bytes{1, 2, 3, 4, 1, 2, 3});
}

TEST_CASE("bytes: equal means length and every byte") {
    CHECK(base::equal({}, {}));
    CHECK(base::equal(base::Bytes{1, 2}, base::Bytes{1, 2}));
    CHECK_FALSE(base::equal(base::Bytes{1, 2}, base::Bytes{1, 3}));
    CHECK_FALSE(base::equal(base::Bytes{1, 2}, base::Bytes{1}));
    CHECK_FALSE(base::equal(base::Bytes{}, base::Bytes{0}));
}

TEST_CASE("bytes: integers at their edges, read from the front of more") {
    for (const std::uint64_t value :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x7F}, std::uint64_t{0x80},
          std::uint64_t{0xFF}, std::uint64_t{0x100}, std::uint64_t{0xFFFF}, std::uint64_t{0x10000},
          std::uint64_t{0xFFFFFFFF}, std::uint64_t{0x100000000},
          std::numeric_limits<std::uint64_t>::max()}) {
        CAPTURE(value);
        base::Bytes out;
        base::append_u64(out, value);
        base::append_u32(out, static_cast<std::uint32_t>(value));
        base::append_u16(out, static_cast<std::uint16_t>(value));
        REQUIRE(out.size() == 14);
        CHECK(out[7] == (value & 0xFFU));
        CHECK(out[0] == value >> 56U);
        const base::ByteView view(out);
        CHECK(base::read_u64(view) == value);
        CHECK(base::read_u32(view.subspan(8)) == static_cast<std::uint32_t>(value));
        CHECK(base::read_u16(view.subspan(12)) == static_cast<std::uint16_t>(value));
    }
}
