// SPDX-License-Identifier: EUPL-1.2
// Dates, moments and the characters of texts.
#include "sync/model/times.hpp"

#include <doctest/doctest.h>

#include "sync/model/text_rules.hpp"

TEST_CASE("times: a moment has one text, and it is read back") {
    struct Row {
        std::uint64_t ms;
        const char* text;
    };
    for (const Row& row : {Row{0, "1970-01-01T00:00:00.000Z"}, Row{1, "1970-01-01T00:00:00.001Z"},
                           Row{951'782'400'000, "2000-02-29T00:00:00.000Z"},
                           Row{1'764'000'000'999, "2025-11-24T16:00:00.999Z"},
                           Row{model::unix_ms_max, "9999-12-31T23:59:59.999Z"}}) {
        CHECK(model::to_rfc3339(row.ms) == row.text);
        CHECK(model::parse_rfc3339(row.text) == row.ms);
    }
}

TEST_CASE("times: other forms are refused") {
    for (const char* text :
         {"", "2025-11-24T16:00:00Z", "2025-11-24T16:00:00.000", "2025-11-24 16:00:00.000Z",
          "2025-11-24T24:00:00.000Z", "2025-11-24T16:60:00.000Z", "2025-11-24T16:00:60.000Z",
          "2025-02-29T16:00:00.000Z", "1969-12-31T23:59:59.999Z", "2025-11-24T1 :00:00.000Z"}) {
        CHECK_FALSE(model::parse_rfc3339(text).has_value());
    }
    for (const char* text : {"", "2025-1-24", "2025-13-01", "2025-00-01", "2025-04-31", "20250401",
                             "2025-04-0x", "+025-04-01"}) {
        CHECK_FALSE(model::parse_date(text).has_value());
    }
    CHECK(model::to_text(*model::parse_date("2024-02-29")) == "2024-02-29");
}

TEST_CASE("text rules: characters") {
    CHECK(model::is_utf8("Ayşe 漢 \xF0\x9F\x98\x80"));
    for (const char* bad :
         {"\x80", "\xC3", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\xE2\x82"}) {
        CHECK_FALSE(model::is_utf8(bad));
    }
    CHECK(model::is_line("a", 1));
    CHECK_FALSE(model::is_line("", 1));
    CHECK_FALSE(model::is_line("ab", 1));
    CHECK_FALSE(model::is_line("a\nb", 9));
    CHECK_FALSE(model::is_line("a\x7F", 9));
    CHECK_FALSE(model::is_line("\xC2\x85", 9));
    CHECK(model::is_id(std::string(64, 'a')));
    for (const std::string& bad : {std::string(), std::string(65, 'a'), std::string("*"),
                                   std::string("a b"), std::string("ä"), std::string("a|b")}) {
        CHECK_FALSE(model::is_id(bad));
    }
    CHECK(model::is_birth_date("2001-05-  "));
    CHECK(model::is_birth_date("    -  -  "));
    CHECK_FALSE(model::is_birth_date("2001-5 -01"));
    CHECK_FALSE(model::is_birth_date("2001/05/01"));
}
