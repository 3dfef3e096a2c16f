// SPDX-License-Identifier: EUPL-1.2
// Text forms of bytes, integers and ids; and the table of errors. Values of RFC 4648 10 where they
// apply.
#include "drivers/base/encoding.hpp"

#include "drivers/base/errc.hpp"
#include "drivers/base/uuid.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

base::Bytes bytes(std::string_view text) {
    const auto view = base::as_bytes(text);
    return {view.begin(), view.end()};
}

}  // namespace

TEST_CASE("hex: written small, read in both cases, odd and foreign characters refused") {
    CHECK(base::to_hex({}).empty());
    CHECK(base::to_hex(base::Bytes{0x00, 0x7F, 0x80, 0xFF}) == "007f80ff");
    CHECK(base::from_hex("007F80fF") == base::Bytes{0x00, 0x7F, 0x80, 0xFF});
    for (const char* bad : {"0", "0g", " 00", "00 ", "0x00", "zz"}) {
        CHECK_FALSE(base::from_hex(bad).has_value());
    }
}

TEST_CASE("base64url: the values of RFC 4648 without padding, and one text per byte string") {
    struct Row {
        const char* plain;
        const char* coded;
    };
    for (const Row& row :
         {Row{"", ""}, Row{"f", "Zg"}, Row{"fo", "Zm8"}, Row{"foo", "Zm9v"}, Row{"foob", "Zm9vYg"},
          Row{"fooba", "Zm9vYmE"}, Row{"foobar", "Zm9vYmFy"}}) {
        CHECK(base::to_base64url(bytes(row.plain)) == row.coded);
        CHECK(base::from_base64url(row.coded) == bytes(row.plain));
    }
    CHECK(base::to_base64url(base::Bytes{0xFB, 0xFF}) == "-_8");
    for (const char* bad : {"Z", "Zg==", "Zh", "Zm9", "Zm8 ", "+/8", "Zm9vYmE="}) {
        CAPTURE(bad);
        CHECK_FALSE(base::from_base64url(bad).has_value());
    }
}

TEST_CASE("integers: network byte order at their edges") {
    base::Bytes out;
    base::append_u16(out, 0x0102);
    base::append_u32(out, 0xFFFFFFFF);
    base::append_u64(out, 0x0102030405060708);
    CHECK(base::to_hex(out) == "0102ffffffff0102030405060708");
    CHECK(base::read_u16(out) == 0x0102);
    CHECK(base::read_u32(base::ByteView(out).subspan(2)) == 0xFFFFFFFF);
    CHECK(base::read_u64(base::ByteView(out).subspan(6)) == 0x0102030405060708);
}

TEST_CASE("uuid: version 7 with its time in front, read back exactly") {
    const auto uuid = base::make_uuid7(
        0x017F22E279B0, {0xCC, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F});
    // The example of RFC 9562 A.6.
    CHECK(base::to_text(uuid) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
    CHECK(base::parse_uuid("017F22E2-79B0-7CC3-98C4-DC0C0C07398F") == uuid);
    for (const char* bad :
         {"", "017f22e279b07cc398c4dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2+79b0-7cc3-98c4-dc0c0c07398f"}) {
        CHECK_FALSE(base::parse_uuid(bad).has_value());
    }
}

TEST_CASE("errc: every code has its own number, name and a recovery, in its hundred") {
    std::set<std::uint16_t> numbers;
    std::set<std::string_view> names;
    for (const base::Errc code : base::all_errc()) {
        const auto number = static_cast<std::uint16_t>(code);
        CHECK(number >= 101);
        CHECK(number <= 799);
        CHECK(numbers.insert(number).second);
        CHECK(names.insert(base::name(code)).second);
        CHECK(base::recovery(code) <= base::Recovery::idle);
    }
    CHECK(numbers.size() > 70);
}
