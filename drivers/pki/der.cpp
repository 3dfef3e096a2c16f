// SPDX-License-Identifier: EUPL-1.2
// Writing DER, see der.hpp.
#include "drivers/pki/der.hpp"

#include <bit>
#include <charconv>
#include <cstdio>
#include <string>

#include "drivers/base/check.hpp"

namespace pki {

namespace {

void append_base128(base::Bytes& out, std::uint32_t arc) {
    for (unsigned shift = 28; shift > 0; shift -= 7) {
        if ((arc >> shift) != 0) {
            out.push_back(static_cast<std::uint8_t>(0x80U | ((arc >> shift) & 0x7FU)));
        }
    }
    out.push_back(static_cast<std::uint8_t>(arc & 0x7FU));
}

std::uint32_t take_arc(std::string_view& rest) {
    std::uint32_t arc = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), arc);
    CHECK(error == std::errc{});
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (!rest.empty()) {
        CHECK(rest.front() == '.');
        rest.remove_prefix(1);
        CHECK(!rest.empty());
    }
    return arc;
}

}  // namespace

base::Bytes oid(std::string_view dotted) {
    const std::uint32_t first = take_arc(dotted);
    const std::uint32_t second = take_arc(dotted);
    CHECK(first <= 2);
    CHECK(second < 40);  // so that the first byte is one byte; all identifiers here fit
    base::Bytes value{static_cast<std::uint8_t>(first * 40 + second)};
    while (!dotted.empty()) append_base128(value, take_arc(dotted));
    return tlv(0x06, {value});
}

base::Bytes integer(base::ByteView magnitude) {
    while (!magnitude.empty() && magnitude.front() == 0) magnitude = magnitude.subspan(1);
    base::Bytes value;
    if (magnitude.empty() || magnitude.front() >= 0x80) value.push_back(0);
    base::append(value, magnitude);
    return tlv(0x02, {value});
}

base::Bytes boolean_true() {
    return {0x01, 0x01, 0xFF};
}

base::Bytes utf8_string(std::string_view text) {
    return tlv(0x0C, {base::as_bytes(text)});
}

base::Bytes printable_string(std::string_view text) {
    return tlv(0x13, {base::as_bytes(text)});
}

base::Bytes bit_string(base::ByteView bytes) {
    const base::Bytes unused{0x00};
    return tlv(0x03, {unused, bytes});
}

base::Bytes named_bits(std::uint8_t bits) {
    CHECK(bits != 0);
    const base::Bytes value{static_cast<std::uint8_t>(std::countr_zero(bits)), bits};
    return tlv(0x03, {value});
}

base::Bytes time(std::chrono::sys_seconds when) {
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{when - day};
    const int year = static_cast<int>(date.year());
    CHECK(year >= 1970 && year <= 9999);
    const bool utc = year < 2050;
    char text[24] = {};
    const int size = std::snprintf(
        text, sizeof text, "%0*d%02u%02u%02d%02d%02dZ", utc ? 2 : 4, utc ? year % 100 : year,
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()));
    CHECK(size == (utc ? 13 : 15));
    return tlv(utc ? 0x17 : 0x18, {base::as_bytes({text, static_cast<std::size_t>(size)})});
}

}  // namespace pki
