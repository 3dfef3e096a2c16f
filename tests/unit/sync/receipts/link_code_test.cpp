// SPDX-License-Identifier: EUPL-1.2
// The code that a person reads from a slip and types at home.
#include "sync/receipts/link_code.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests
#include "drivers/crypto/random.hpp"

#include <doctest/doctest.h>

TEST_CASE("link_code: however it is typed, it is the same code, and another one is not") {
    crypto::SystemRandom random;
    const std::string code = receipts::make_link_code(random);
    CHECK(code.size() == 24);
    const auto hash = receipts::link_code_hash(code);
    REQUIRE(hash.has_value());
    std::string typed = " ";
    for (const char c : code) {
        if (c == '-') continue;
        typed += c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
        typed += ' ';
    }
    CHECK(receipts::link_code_hash(typed) == hash);
    CHECK(receipts::link_code_hash(receipts::make_link_code(random)) != hash);
    for (const std::string& bad :
         {std::string(), code.substr(1), code + "2", std::string(20, 'O'), std::string(20, '_'),
          std::string(65, ' '), code + std::string(60, '-')}) {
        CAPTURE(bad);
        CHECK_FALSE(receipts::link_code_hash(bad).has_value());
    }
}
