// SPDX-License-Identifier: EUPL-1.2
// What the token is for: a journal and a terminal whose private keys never leave it. The journal is
// the product's, the card the virtual one, and only the keys lie elsewhere than usual.
#include "drivers/crypto/random.hpp"
#include "drivers/eid/authenticate.hpp"
#include "drivers/keys/local_authenticator.hpp"
#include "drivers/keys/pkcs11_key_store.hpp"
#include "sync/journal/verify.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/chain.hpp"
#include "tests/card/checks/world.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/interop/in_process_card.hpp"
#include "tests/unit/drivers/keys/test_token.hpp"

// After the driver's headers: doctest's CHECK replaces the house's own.
#include <doctest/doctest.h>

using crypto::Curve;
using keys::Pkcs11KeyStore;

namespace {

Pkcs11KeyStore open(const keys_test::TestToken& token) {
    auto store = Pkcs11KeyStore::open(token.place());
    REQUIRE(store.has_value());
    return std::move(*store);
}

crypto::Point make_key(const keys_test::TestToken& token, std::string_view name, Curve curve) {
    const auto made = Pkcs11KeyStore::create_key(token.place(), name, curve);
    REQUIRE(made.has_value());
    const auto point = crypto::parse_point(curve, *made);
    REQUIRE(point.has_value());
    return *point;
}

}  // namespace

TEST_CASE("token in use: a journal signs on the token, opens again, and every record verifies") {
    const keys_test::TestToken token;
    const crypto::Point point = make_key(token, "journal", Curve::p256);
    fakes::JournalWorld world;
    auto store = open(token);
    const auto open_journal = [&] {
        auto journal = journal::Journal::open(world.options(), {store, world.random, world.clock});
        REQUIRE(journal.has_value());
        return std::move(*journal);
    };
    model::Digest last{};
    {
        auto journal = open_journal();
        for (std::uint8_t person = 1; person <= 3; ++person) {
            CHECK(journal.append(fakes::consent(person), journal::Slip::print).has_value());
        }
        CHECK(journal.append(fakes::withdrawal_of_all(2), journal::Slip::none).has_value());
        const auto body = journal.next_batch(10);
        REQUIRE(body.has_value());
        const auto batch = model::parse_batch(*body);
        REQUIRE(batch.has_value());
        REQUIRE(batch->records.size() == 4);
        for (const auto& record : batch->records) {
            const auto checked = seal::check_record(record);
            REQUIRE(checked.has_value());
            CHECK(checked->header.prev == last);
            last = checked->leaf;
        }
        const auto head = seal::verify_head(batch->head, point);
        REQUIRE(head.has_value());
        CHECK(head->leaf == last);
    }
    const auto report = journal::verify_file(world.options().path, point);
    REQUIRE(report.has_value());
    CHECK(report->rows == 4);
    CHECK_FALSE(report->broken.has_value());
    // Opening verifies the chain under the token's public point.
    auto again = open_journal();
    CHECK(again.append(fakes::consent(4), journal::Slip::none)->key.seq == 5);
}

TEST_CASE("token in use: a card reads to a terminal whose key is on the token") {
    const keys_test::TestToken token;
    const crypto::Point point = make_key(token, "terminal", Curve::brainpool_p256r1);
    card::World world("leyla");
    const base::Bytes certificate =
        card::make_certificate(world.pki.terminal_request, point.bytes, world.pki.dv_key.scalar);
    auto store = open(token);
    auto authenticator =
        keys::LocalAuthenticator::create({world.pki.dv(), certificate}, store, "terminal");
    REQUIRE(authenticator.has_value());

    crypto::SystemRandom random;
    interop::StandingClock clock;
    interop::InProcessCard transport(*world.card);
    eid::AuthenticateRequest wanted{
        .credentials = eid::WithPin{eid::Pin(base::as_bytes("123456")), std::nullopt},
        .groups = {eid::DataGroup::given_names, eid::DataGroup::family_names},
        .sector_key = card::tlv(0x7F49, card::sector_key_content(world.pki.first_sector.point)),
        .auxiliary = {},
        .trusted_csca = {world.card->authority_certificate()},
        .today = {},
        .expected_pin_state = {}};
    wanted.restricted_id = eid::WantRestrictedId::pseudonym;
    const auto read = eid::authenticate(
        std::move(wanted),
        {.card = transport, .authenticator = *authenticator, .clock = clock, .random = random});
    if (!read) FAIL(base::name(read.error().code), " at ", read.error().where);
    CHECK(std::get<eid::Text>(read->groups.at(eid::DataGroup::given_names)).value == "LEYLA");
    CHECK(read->pseudonym.has_value());
}
