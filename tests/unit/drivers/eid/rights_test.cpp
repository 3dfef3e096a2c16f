// SPDX-License-Identifier: EUPL-1.2
// The template of rights, bit by bit, and the secrets' form.
#include "drivers/eid/rights.hpp"

#include "drivers/apdu/tlv.hpp"
#include "drivers/eid/secrets.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using base::Errc;
using fakes::hex;

TEST_CASE("rights: the template of every role and right, there and back") {
    struct Row {
        eid::Role role;
        eid::Rights rights;
        const char* five;
    };
    for (const Row& row : {Row{eid::Role::terminal, eid::no_rights, "0000000000"},
                           Row{eid::Role::terminal, eid::right_read(1), "0000000100"},
                           Row{eid::Role::terminal, eid::right_read(22), "0020000000"},
                           Row{eid::Role::terminal, eid::right_age_verification, "0000000001"},
                           Row{eid::Role::terminal, eid::right_restricted_id, "0000000004"},
                           Row{eid::Role::terminal, eid::right_can_allowed, "0000000010"},
                           Row{eid::Role::dv_official, eid::right_pin_management, "8000000020"},
                           Row{eid::Role::cvca, eid::Rights{eid::rights_mask}, "ffffffffff"}}) {
        CAPTURE(row.five);
        const base::Bytes chat = eid::encode_chat({row.role, row.rights});
        CHECK(base::to_hex(chat) == std::string("7f4c12060904007f0007030102025305") + row.five);
        const auto content = apdu::only(chat, 0x7F4C);
        REQUIRE(content.has_value());
        const auto back = eid::parse_chat(*content);
        REQUIRE(back.has_value());
        CHECK(back->role == row.role);
        CHECK(back->rights == row.rights);
    }
}

TEST_CASE("rights: other terminal types, sizes and extra objects are refused") {
    for (const char* bad :
         {"", "060904007F000703010202", "060904007F000703010201530500000000FF",
          "060904007F0007030102025304000000FF", "060904007F000703010202530600000000FF00",
          "060904007F000703010202530500000000FF0500"}) {
        CAPTURE(bad);
        CHECK(eid::parse_chat(hex(bad)).error().code == Errc::certificate_bad);
    }
}

TEST_CASE("secrets: exactly so many ASCII digits") {
    const auto good = [](std::string_view text, std::size_t digits) {
        return eid::check_digits(base::as_bytes(text), digits).has_value();
    };
    CHECK(good("123456", 6));
    CHECK(good("00000", 5));
    for (const char* bad : {"", "12345", "1234567", "12345a", "12345 ",
                            "\xEF\xBC\x91"
                            "234",
                            "12345/", "12345:"}) {
        CHECK_FALSE(good(bad, 6));
    }
}
