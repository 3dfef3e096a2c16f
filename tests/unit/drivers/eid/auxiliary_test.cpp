// SPDX-License-Identifier: EUPL-1.2
// What a card is asked to answer with yes or no: the bytes that are signed, and what each answer
// means.
#include "drivers/eid/auxiliary.hpp"

#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using namespace std::chrono_literals;
using base::Errc;

namespace {

eid::AuxiliaryChecks all() {
    return {eid::Date{2008y / 11 / 26}, eid::Date{2026y / 11 / 26}, base::Bytes{0x02, 0x76}};
}

}  // namespace

TEST_CASE("auxiliary: one template 67, not wrapped twice, questions in their order") {
    CHECK(eid::encode_auxiliary({}).empty());
    CHECK(base::to_hex(eid::encode_auxiliary(all())) ==
          "673f"
          "7315060904007f000703010401"
          "53083230303831313236"
          "7315060904007f000703010402"
          "53083230323631313236"
          "730f060904007f000703010403"
          "53020276");
    CHECK(all().rights() == (eid::right_age_verification | eid::right_community_verification));
}

TEST_CASE("auxiliary: yes, no, never committed, not allowed") {
    fakes::CardScript card;
    card.expect("802080000b060904007f000703010401", "9000")
        .expect("802080000b060904007f000703010402", "6300")
        .expect("802080000b060904007f000703010403", "9000");
    eid::Channel channel(card);
    const auto answers = eid::verify_auxiliary(channel, all());
    REQUIRE(answers.has_value());
    CHECK(answers->old_enough == true);
    CHECK(answers->still_valid == false);
    CHECK(answers->in_community == true);
    for (const auto& [status, code] :
         {std::pair{"6A88", Errc::card_status_unexpected}, std::pair{"6982", Errc::right_missing},
          std::pair{"63C2", Errc::card_status_unexpected}}) {
        fakes::CardScript other;
        other.expect("*", status);
        eid::Channel second(other);
        CHECK(eid::verify_auxiliary(second, all()).error().code == code);
    }
}

TEST_CASE("auxiliary: the latest birth date of an age, on every edge of the calendar") {
    const auto born = [](eid::Date today, unsigned years) {
        return eid::compact_text(eid::latest_birth_date(today, years));
    };
    CHECK(born(eid::Date{2026y / 11 / 26}, 18) == "20081126");
    CHECK(born(eid::Date{2026y / 11 / 26}, 0) == "20261126");
    CHECK(born(eid::Date{2028y / 2 / 29}, 18) == "20100228");
    CHECK(born(eid::Date{2028y / 2 / 29}, 16) == "20120229");
}
