// SPDX-License-Identifier: EUPL-1.2
// The authorities: handles that two of them cannot compare, and a file that is read strictly.
#include "sync/backend/authorities/directory.hpp"

#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using backend::Directory;

namespace {

const std::string a42(42, 'A');
std::string authority(const std::string& id, char letter) {
    return "\"" + id + R"(":{"name":"Amt","secret":")" + std::string(42, letter) + "A\"}";
}

}  // namespace

TEST_CASE("directory: one person has another handle at each authority, and no two share one") {
    Directory directory;
    REQUIRE(directory.add_authorities("{" + authority("a", 'A') + "," + authority("b", 'B') + "}"));
    const model::SubjectRef one{model::SubjectKind::pseudonym, base::Bytes(32, 1)};
    const model::SubjectRef two{model::SubjectKind::pseudonym, base::Bytes(32, 2)};
    const auto& at_a = *directory.find("a");
    const auto& at_b = *directory.find("b");
    CHECK(backend::handle_of(at_a, one) == backend::handle_of(at_a, one));
    CHECK(backend::handle_of(at_a, one) != backend::handle_of(at_b, one));
    CHECK(backend::handle_of(at_a, one) != backend::handle_of(at_a, two));
    const model::Person person{"Muster", "Anna", "2007-01-02"};
    const model::Person shifted{"MusterA", "nna", "2007-01-02"};
    CHECK(backend::match_key_of(at_a, person) != backend::match_key_of(at_a, shifted));
    CHECK(backend::match_key_of(at_a, person) != backend::match_key_of(at_b, person));
    CHECK(directory.find("c") == nullptr);
    CHECK(directory.name_of("c") == "c");
}

TEST_CASE("directory: a file that breaks its form is refused") {
    for (const std::string& text :
         {std::string("[]"), std::string("{"), std::string(R"({"a":1})"),
          std::string(R"({"a":{"name":"A"}})"),
          R"({"a":{"name":"A","secret":")" + std::string(40, 'A') + "\"}}",
          R"({"a":{"name":"","secret":")" + a42 + "A\"}}",
          R"({"a":{"name":"A","secret":")" + a42 + "A\",\"x\":1}}",
          R"({"a b":{"name":"A","secret":")" + a42 + "A\"}}",
          R"({"-":{"name":"A","secret":")" + a42 + "A\"}}"}) {
        CAPTURE(text);
        Directory directory;
        CHECK_FALSE(directory.add_authorities(text).has_value());
    }
    Directory directory;
    CHECK_FALSE(directory.add_names(R"({"entries":[]})").has_value());
    CHECK_FALSE(directory.add_names(R"({"entries":{"a":1}})").has_value());
    REQUIRE(directory.add_names(R"({"entries":{"a":"A"},"authorities":{"x":"X"}})").has_value());
    CHECK(directory.title_of("a") == "A");
    CHECK(directory.title_of("b") == "b");
    CHECK(directory.name_of("x") == "X");
}
