// SPDX-License-Identifier: EUPL-1.2
// drivers/eid as terminal against a chip made of OpenPACE: PACE with PIN and CAN, terminal and chip
// authentication, restricted identification.
#include "tests/interop/openpace_chip.hpp"
#include "drivers/crypto/random.hpp"
#include "drivers/eid/authenticate.hpp"
#include "tests/interop/in_process_card.hpp"

// After the driver's headers: doctest's CHECK replaces the house's own.
#include <doctest/doctest.h>

namespace {

base::ByteView view(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Run {
    base::Result<eid::AuthenticateResult> result;
    bool terminal_verified;
    bool chip_authenticated;
};

// One full run; starts again with a new chip if OpenPACE stripped a zero (once in 128 runs).
template <class MakeCredentials>
Run run(const card::TestPki& pki, MakeCredentials make_credentials) {
    crypto::SystemRandom random;
    interop::StandingClock clock;
    interop::MemoryAuthenticator authenticator(pki);
    for (;;) {
        openpace::Chip chip(pki);
        eid::AuthenticateRequest request{
            .credentials = make_credentials(),
            .groups = {eid::DataGroup::given_names, eid::DataGroup::family_names},
            .restricted_id = eid::WantRestrictedId::pseudonym_and_block_list_id,
            .sector_key = card::tlv(0x7F49, card::sector_key_content(pki.first_sector.point)),
            .auxiliary = {},
            .trusted_csca = {chip.authority_certificate()},
            .today = {},
            .expected_pin_state = {}};
        auto result = eid::authenticate(
            std::move(request),
            {.card = chip, .authenticator = authenticator, .clock = clock, .random = random});
        if (!result && chip.unlucky()) continue;
        return {std::move(result), chip.terminal_verified(), chip.chip_authenticated()};
    }
}

TEST_CASE("openpace as chip: the driver's whole run with the PIN") {
    const card::TestPki pki;
    const Run done = run(pki, [] { return eid::WithPin{eid::Pin(view("123456")), std::nullopt}; });
    const auto detail = done.result ? 0U : done.result.error().detail;
    const auto code = done.result ? 0 : static_cast<int>(done.result.error().code);
    CAPTURE(code);
    CAPTURE(detail);
    REQUIRE(done.result);
    CHECK(done.terminal_verified);
    CHECK(done.chip_authenticated);
    CHECK(done.result->passive_auth == eid::PassiveAuthLevel::verified);
    CHECK(std::get<eid::Text>(done.result->groups.at(eid::DataGroup::given_names)).value == "OPEN");

    const card::CardKeys keys = card::make_card_keys("openpace", 0, card::ChipKey::genuine);
    const auto shared = pki.curve.multiply(keys.pseudonym.point, pki.first_sector.scalar);
    const auto expected = card::hash(card::HashId::sha_256, pki.curve.x_of(*shared));
    const auto& pseudonym = done.result->pseudonym->get();
    CHECK(base::Bytes(pseudonym.begin(), pseudonym.end()) == expected);
    CHECK(done.result->block_list_id);
}

TEST_CASE("openpace as chip: on-site reading with the CAN") {
    const card::TestPki pki;
    const base::Uuid event = base::make_uuid7(1'790'000'000'000, {});
    const Run done = run(pki, [&event] {
        return eid::OnSite{eid::Can(view("500540")), eid::OnSiteAttestation(event)};
    });
    REQUIRE(done.result);
    CHECK(done.chip_authenticated);
}

TEST_CASE("openpace as chip: a wrong PIN is told with the tries that are left") {
    const card::TestPki pki;
    const Run done = run(pki, [] { return eid::WithPin{eid::Pin(view("654321")), std::nullopt}; });
    REQUIRE_FALSE(done.result);
    CHECK(done.result.error().code == base::Errc::pin_wrong);
    CHECK(done.result.error().detail == 0x63C2);
    CHECK_FALSE(done.terminal_verified);
}

}  // namespace
