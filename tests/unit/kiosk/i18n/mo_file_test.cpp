// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/i18n/mo_file.hpp"

#include "tests/unit/kiosk/i18n/mo_maker.hpp"

#include <doctest/doctest.h>

using i18n::parse_mo;

namespace {

const mo_maker::Pairs two{
    {"", "Language: de\nX-Approved-By: A. Mensch\nPlural-Forms: nplurals=2; plural=(n != 1);\n"},
    {"home.title", "Was möchten Sie tun?"}};

void refused(const base::Bytes& file) {
    const auto parsed = parse_mo(file);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().code == base::Errc::locale_bad);
}

}  // namespace

TEST_CASE("mo file: texts, header and plural forms are read in both byte orders") {
    for (const bool big_endian : {false, true}) {
        CAPTURE(big_endian);
        const auto file = parse_mo(mo_maker::make(two, big_endian));
        REQUIRE(file.has_value());
        CHECK(file->texts.at("home.title") == std::vector<std::string>{"Was möchten Sie tun?"});
        CHECK(file->header.at("X-Approved-By") == "A. Mensch");
        CHECK(file->plural.form(1) == 0);
    }
}

TEST_CASE("mo file: plural texts come as forms under the id alone") {
    const std::string id("n\0n", 3);
    const std::string forms("one\0many", 8);
    const auto file = parse_mo(mo_maker::make({{id, forms}}));
    REQUIRE(file.has_value());
    CHECK(file->texts.at("n") == std::vector<std::string>{"one", "many"});
}

TEST_CASE("mo file: every truncation is refused") {
    const base::Bytes whole = mo_maker::make(two);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        refused({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
    }
}

TEST_CASE("mo file: a wrong magic, revision, count or offset is refused") {
    const base::Bytes whole = mo_maker::make(two);
    // Offsets of the fields: magic, revision, count, tables, and one entry of each table.
    for (const std::size_t at : {0U, 6U, 10U, 11U, 15U, 19U, 31U, 35U, 47U, 51U}) {
        CAPTURE(at);
        base::Bytes broken = whole;
        broken[at] = 0xff;
        refused(broken);
    }
}

TEST_CASE("mo file: text that is not UTF-8 is refused") {
    for (const char* bad : {"\xff", "\xc3", "\xc0\x80", "\xe2\x82", "a\x80"}) {
        refused(mo_maker::make({{"id", bad}}));
    }
}

TEST_CASE("mo file: a plural rule that cannot be read refuses the file") {
    refused(mo_maker::make({{"", "Plural-Forms: nplurals=2; plural=n +;\n"}}));
}
