// SPDX-License-Identifier: EUPL-1.2
// The texts of a slip's codes.
#include "sync/model/slip.hpp"

#include <doctest/doctest.h>

TEST_CASE("slip: the check payload is fixed and read back") {
    const model::CheckCode code{
        base::Uuid({1}), base::Uuid({2}), std::chrono::year(2025) / 11 / 24, {3}, {4}};
    const std::string text = model::encode(code);
    CHECK(text == R"({"id":"01000000-0000-0000-0000-000000000000",)"
                  R"("terminal":"02000000-0000-0000-0000-000000000000","date":"2025-11-24",)"
                  R"("scope":"AwAAAAAAAAAAAAAAAAAAAA",)"
                  R"("secret_hash":"BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})");
    CHECK(*model::parse_check_payload(text) == code);
    for (std::size_t size = 0; size < text.size(); ++size) {
        CHECK_FALSE(model::parse_check_payload(text.substr(0, size)).has_value());
    }
}

TEST_CASE("slip: the take-back text carries its secret behind a tilde") {
    const base::Bytes secret(16, 0xFF);
    const std::string text = model::encode(model::TakeBackCode{"a.b.c", model::SlipSecret(secret)});
    CHECK(text == "a.b.c~_____________________w");
    const auto read = model::parse_take_back(text);
    REQUIRE(read.has_value());
    CHECK(read->check_jws == "a.b.c");
    CHECK(base::equal(read->secret.expose(), secret));
    for (const char* bad : {"", "~", "a.b.c", "a.b.c~", "~_____________________w",
                            "a.b.c~_____________________", "a.b.c~_____________________w=",
                            "a.b.c~_____________________x", "a~b~_____________________w"}) {
        const auto refused = model::parse_take_back(bad);
        REQUIRE(!refused.has_value());
        CHECK(refused.error().code == base::Errc::slip_bad);
    }
}
