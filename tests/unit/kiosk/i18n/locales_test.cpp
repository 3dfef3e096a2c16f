// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/i18n/locales.hpp"

#include "tests/unit/kiosk/i18n/mo_maker.hpp"

#include <doctest/doctest.h>

using i18n::Locales;
using i18n::Value;

namespace {

void add(Locales& locales, const char* tag, const mo_maker::Pairs& pairs) {
    auto file = i18n::parse_mo(mo_maker::make(pairs));
    REQUIRE(file.has_value());
    locales.add(tag, std::move(*file));
}

Locales small() {
    Locales locales;
    add(locales, "de",
        {{"a", "Hallo {name}"},
         {"b", "nur deutsch"},
         {std::string("n\0n", 3), std::string("{count} Tag\0{count} Tage", 24)},
         {"date.short", "{day}.{month}.{year}"},
         {"date.long", "{day}. {month} {year}"},
         {"month.3", "März"},
         {"d", "am {d}"}});
    add(locales, "en", {{"", "X-Approved-By: A. Human\n"}, {"a", "Hello {name}"}, {"empty", ""}});
    return locales;
}

}  // namespace

TEST_CASE("locales: a text comes in the wished language, else in German") {
    const Locales locales = small();
    CHECK(locales.text("en", "b") == "nur deutsch");
    CHECK(locales.text("ar", "b") == "nur deutsch");
    CHECK(locales.text("de-x-leicht", "b") == "nur deutsch");
    CHECK(locales.text("en", "nowhere") == "nowhere");
}

TEST_CASE(
    "locales: every value stands in isolates, numbers left to right, names by their own "
    "direction") {
    const Locales locales = small();
    CHECK(locales.text("en", "a",
                       std::vector<Value>{{"name", "43-0815/2026", Value::Kind::number}}) ==
          "Hello \u206643-0815/2026\u2069");
    CHECK(locales.text("en", "a", std::vector<Value>{{"name", "Yılmaz", Value::Kind::name}}) ==
          "Hello \u2068Yılmaz\u2069");
    CHECK(locales.text("en", "a", std::vector<Value>{{"name", "{name}", Value::Kind::name}}) ==
          "Hello \u2068{name}\u2069");
    CHECK(locales.text("en", "a") == "Hello {name}");
}

TEST_CASE("locales: the plural form follows the count") {
    const Locales locales = small();
    const std::vector<Value> one{{"count", "1", Value::Kind::number}};
    const std::vector<Value> two{{"count", "2", Value::Kind::number}};
    CHECK(locales.text("de", "n", one, 1) == "\u20661\u2069 Tag");
    CHECK(locales.text("de", "n", two, 2) == "\u20662\u2069 Tage");
}

TEST_CASE("locales: dates and times are written as the language does") {
    const Locales locales = small();
    CHECK(locales.text("de", "d", std::vector<Value>{{"d", "2027-03-03", Value::Kind::date}}) ==
          "am \u20663.3.2027\u2069");
    CHECK(
        locales.text("de", "d", std::vector<Value>{{"d", "2027-03-03", Value::Kind::date_long}}) ==
        "am \u20683. März 2027\u2069");
    CHECK(locales.text("de", "d", std::vector<Value>{{"d", "09:40", Value::Kind::time}}) ==
          "am \u20669:40\u2069");
    CHECK(locales.text("de", "d", std::vector<Value>{{"d", "no date", Value::Kind::date}}) ==
          "am \u2066no date\u2069");
}

TEST_CASE("locales: a language is approved only if its file names a human") {
    const Locales locales = small();
    CHECK(locales.approved("en"));
    CHECK_FALSE(locales.approved("de"));
    CHECK_FALSE(locales.approved("ar"));
}

TEST_CASE("locales: the compiled files of the product load, and our drafts are not approved") {
    const std::vector<std::string> tags{"de", "de-x-leicht", "en", "ar"};
    const auto locales = Locales::load(FREIGABE_BINARY_DIR "/share/locales", tags);
    REQUIRE(locales.has_value());
    for (const std::string& tag : tags) {
        CAPTURE(tag);
        CHECK_FALSE(locales->approved(tag));
    }
    CHECK(locales->text("de", "home.title") == "Was möchten Sie tun?");
    CHECK_FALSE(Locales::load(FREIGABE_BINARY_DIR "/share/locales", std::vector<std::string>{"xx"})
                    .has_value());
}
