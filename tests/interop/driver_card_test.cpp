// SPDX-License-Identifier: EUPL-1.2
// drivers/eid (mbedTLS) against the virtual card (OpenSSL): two implementations by the same norm
// that share no code. All people, all states of the PIN, the card pulled at every command.
#include "drivers/crypto/random.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/pin_management.hpp"
#include "tests/card/checks/world.hpp"
#include "tests/interop/in_process_card.hpp"

// After the driver's headers: doctest's CHECK replaces the house's own.
#include <doctest/doctest.h>

namespace {

using interop::InProcessCard;

base::ByteView view(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
eid::Pin pin(const std::string& digits) {
    return eid::Pin(view(digits));
}
eid::Can can(const std::string& digits) {
    return eid::Can(view(digits));
}
eid::Puk puk(const std::string& digits) {
    return eid::Puk(view(digits));
}

// A person's card and everything the driver needs to read it.
struct Terminal {
    explicit Terminal(const std::string& person, card::ChipKey key = card::ChipKey::genuine)
        : world(person, key) {}

    card::World world;
    crypto::SystemRandom random;
    interop::StandingClock clock;

    [[nodiscard]] base::Bytes sector_key() const {
        return card::tlv(0x7F49, card::sector_key_content(world.pki.first_sector.point));
    }
    eid::AuthenticateRequest request() const {
        eid::AuthenticateRequest wanted{.credentials = eid::WithPin{pin("123456"), std::nullopt},
                                        .groups = {},
                                        .sector_key = sector_key(),
                                        .auxiliary = {},
                                        .trusted_csca = {world.card->authority_certificate()},
                                        .today = {},
                                        .expected_pin_state = {}};
        wanted.restricted_id = eid::WantRestrictedId::pseudonym_and_block_list_id;
        for (const unsigned group :
             {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U, 9U, 10U, 11U, 13U, 17U, 18U, 19U, 20U}) {
            wanted.groups.push_back(static_cast<eid::DataGroup>(group));
        }
        return wanted;
    }
    base::Result<eid::AuthenticateResult> run(eid::AuthenticateRequest wanted,
                                              port::CardTransport& transport) {
        interop::MemoryAuthenticator authenticator(world.pki);
        return eid::authenticate(
            std::move(wanted),
            {.card = transport, .authenticator = authenticator, .clock = clock, .random = random});
    }
    base::Result<eid::AuthenticateResult> run(eid::AuthenticateRequest wanted) {
        InProcessCard transport(*world.card);
        return run(std::move(wanted), transport);
    }
};

std::string describe(const base::Error& error) {
    return std::to_string(static_cast<int>(error.code)) + " at " + error.where + " detail " +
           std::to_string(error.detail);
}

TEST_CASE("driver and card: every person whose PIN works is read in full") {
    for (const std::string person :
         {"leyla", "erika", "no_given_name", "birth_without_day", "birth_year_only", "no_street",
          "no_address", "expired", "longest", "capital_sharp_s", "eu_card", "residence_permit",
          "block_listed"}) {
        CAPTURE(person);
        Terminal t(person);
        const auto result = t.run(t.request());
        const std::string error = result ? "" : describe(result.error());
        CAPTURE(error);
        REQUIRE(result);
        CHECK(result->passive_auth == eid::PassiveAuthLevel::verified);
        CHECK(result->pseudonym);
        CHECK(result->block_list_id);
        const auto& groups = result->groups;
        CHECK(groups.size() + result->absent.size() == 16);
        CHECK(std::holds_alternative<eid::Text>(groups.at(eid::DataGroup::family_names)));
    }
}

TEST_CASE("driver and card: the pseudonym is what the card's own key says, and stays") {
    Terminal t("leyla");
    const auto first = t.run(t.request());
    const auto second = t.run(t.request());
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->pseudonym->get() == second->pseudonym->get());
    CHECK(first->pseudonym->get() != first->block_list_id->get());
    const card::CardKeys keys = card::make_card_keys("leyla", 0, card::ChipKey::genuine);
    const card::Curve curve = card::Curve::brainpool_256();
    const auto shared = curve.multiply(keys.pseudonym.point, t.world.pki.first_sector.scalar);
    const auto expected = card::hash(card::HashId::sha_256, curve.x_of(*shared));
    CHECK(base::Bytes(first->pseudonym->get().begin(), first->pseudonym->get().end()) == expected);
}

TEST_CASE("driver and card: without extended length") {
    Terminal t("longest");
    InProcessCard transport(*t.world.card);
    transport.forbid_extended_length();
    const auto result = t.run(t.request(), transport);
    const std::string error = result ? "" : describe(result.error());
    CAPTURE(error);
    REQUIRE(result);
    CHECK(result->pseudonym);
}

TEST_CASE("driver and card: a forged chip and a foreign country are recognised") {
    SUBCASE("forged chip") {
        Terminal t("leyla", card::ChipKey::forged);
        const auto result = t.run(t.request());
        REQUIRE_FALSE(result);
        CHECK(result.error().code == base::Errc::chip_auth_failed);
    }
    SUBCASE("foreign country") {
        Terminal t("leyla");
        auto wanted = t.request();
        wanted.trusted_csca = {t.world.pki.cvca()};
        CHECK_FALSE(t.run(std::move(wanted)));
    }
}

TEST_CASE("driver and card: wrong PIN counts once, suspended needs the CAN, blocked the PUK") {
    Terminal t("leyla");
    const auto& passwords = t.world.card->passwords();
    const auto with = [&](const std::string& digits, std::optional<std::string> can_digits) {
        auto wanted = t.request();
        eid::WithPin credentials{pin(digits), std::nullopt};
        if (can_digits) credentials.can = can(*can_digits);
        wanted.credentials = std::move(credentials);
        const auto result = t.run(std::move(wanted));
        return result ? std::optional<base::Errc>{} : result.error().code;
    };
    CHECK(with("000000", std::nullopt) == base::Errc::pin_wrong);
    CHECK(passwords.pin_tries == 2);
    CHECK(with("000001", std::nullopt) == base::Errc::pin_wrong);
    CHECK(passwords.pin_tries == 1);
    CHECK(with("123456", std::nullopt) == base::Errc::pin_suspended);
    CHECK(with("123456", "999999") == base::Errc::can_wrong);
    CHECK(passwords.pin_tries == 1);
    CHECK(with("123456", "500540") == std::optional<base::Errc>{});
    CHECK(passwords.pin_tries == 3);
    t.world.card->passwords().pin_tries = 0;
    CHECK(with("123456", std::nullopt) == base::Errc::pin_blocked);
    t.world.card->passwords().pin_active = false;
    CHECK(with("123456", std::nullopt) == base::Errc::pin_deactivated);
}

TEST_CASE("driver and card: PIN management") {
    Terminal t("blocked");
    InProcessCard transport(*t.world.card);
    const eid::PinCarePorts ports{.card = transport, .random = t.random};
    CHECK(*eid::read_pin_state(ports) == eid::PinState::blocked);
    CHECK(eid::unblock_pin({.puk = puk("1111111111"), .new_pin = {}}, ports).error().code ==
          base::Errc::puk_wrong);
    InProcessCard again(*t.world.card);
    const eid::PinCarePorts fresh{.card = again, .random = t.random};
    CHECK(eid::unblock_pin({.puk = puk("9876543210"), .new_pin = {}}, fresh));
    CHECK(t.world.card->passwords().pin_tries == 3);
    InProcessCard third(*t.world.card);
    const eid::PinCarePorts change{.card = third, .random = t.random};
    CHECK(eid::change_pin(
        {.old_pin = pin("123456"), .new_pin = pin("654321"), .can = {}, .expected_state = {}},
        change));
    CHECK(t.world.card->passwords().pin == "654321");
}

TEST_CASE("driver and card: transport PIN becomes an own PIN") {
    Terminal t("transport_pin");
    InProcessCard transport(*t.world.card);
    const eid::PinCarePorts ports{.card = transport, .random = t.random};
    CHECK(eid::change_pin(
        {.old_pin = pin("12345"), .new_pin = pin("424242"), .can = {}, .expected_state = {}},
        ports));
    CHECK(t.world.card->passwords().pin == "424242");
}

TEST_CASE("driver and card: pulled at every command, the run ends with card_removed") {
    Terminal t("leyla");
    InProcessCard whole(*t.world.card);
    REQUIRE(t.run(t.request(), whole));
    const unsigned total = whole.commands();
    MESSAGE("commands of a full run with 16 data groups and both identifiers: ", total);
    for (unsigned number = 1; number <= total; ++number) {
        CAPTURE(number);
        InProcessCard transport(*t.world.card);
        transport.pull_at(number);
        const auto result = t.run(t.request(), transport);
        REQUIRE_FALSE(result);
        CHECK(result.error().code == base::Errc::card_removed);
    }
    CHECK(t.world.card->passwords().pin_tries == 3);
}

}  // namespace
