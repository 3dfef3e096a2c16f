// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/i18n/plural_rule.hpp"

#include <string>

#include <doctest/doctest.h>

using i18n::PluralRule;

namespace {

constexpr const char* arabic =
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? "
    "4 : 5);";

}  // namespace

TEST_CASE("plural rule: without a header it is that of German") {
    const PluralRule rule;
    CHECK(rule.forms() == 2);
    CHECK(rule.form(0) == 1);
    CHECK(rule.form(1) == 0);
    CHECK(rule.form(2) == 1);
}

TEST_CASE("plural rule: Arabic has six forms") {
    const auto rule = PluralRule::parse(arabic);
    REQUIRE(rule.has_value());
    CHECK(rule->forms() == 6);
    struct Row {
        std::uint64_t n;
        std::uint32_t form;
    };
    for (const Row row :
         {Row{0, 0}, Row{1, 1}, Row{2, 2}, Row{3, 3}, Row{10, 3}, Row{11, 4}, Row{99, 4},
          Row{100, 5}, Row{102, 5}, Row{103, 3}, Row{110, 3}, Row{111, 4}, Row{1'000, 5}}) {
        CAPTURE(row.n);
        CHECK(rule->form(row.n) == row.form);
    }
}

TEST_CASE("plural rule: operators bind as in C") {
    const auto rule = PluralRule::parse(
        "nplurals=3; plural=n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || "
        "n%100>=20) && !(n%10>4) ? 1 : 2;");
    REQUIRE(rule.has_value());
    CHECK(rule->form(1) == 0);
    CHECK(rule->form(21) == 0);
    CHECK(rule->form(11) == 2);
    CHECK(rule->form(3) == 1);
    CHECK(rule->form(13) == 2);
    CHECK(rule->form(25) == 2);
}

TEST_CASE(
    "plural rule: arithmetic that divides by nothing or points beyond the forms gives the first "
    "form") {
    CHECK(PluralRule::parse("nplurals=2; plural=n/0;")->form(7) == 0);
    CHECK(PluralRule::parse("nplurals=2; plural=n%0;")->form(7) == 0);
    CHECK(PluralRule::parse("nplurals=2; plural=n;")->form(7) == 0);
}

TEST_CASE("plural rule: whatever is not the grammar is refused") {
    const std::string deep(40, '(');
    for (const std::string& text :
         {std::string(), std::string("nplurals=2;"), std::string("nplurals=0; plural=0;"),
          std::string("nplurals=7; plural=0;"), std::string("nplurals=2; plural=;"),
          std::string("nplurals=2; plural=n n;"), std::string("nplurals=2; plural=(n;"),
          std::string("nplurals=2; plural=n ? 1;"), std::string("nplurals=2; plural=m;"),
          std::string("nplurals=2; plural=1234567890;"), std::string("nplurals=2; plural=n; rest"),
          "nplurals=2; plural=" + deep + "n" + std::string(40, ')') + ";",
          "nplurals=2; plural=" + std::string(600, 'n') + ";"}) {
        CAPTURE(text);
        const auto rule = PluralRule::parse(text);
        REQUIRE_FALSE(rule.has_value());
        CHECK(rule.error().code == base::Errc::locale_bad);
    }
}
