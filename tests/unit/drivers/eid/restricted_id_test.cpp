// SPDX-License-Identifier: EUPL-1.2
// Which sector a key belongs to, in which of its encodings a card gets it, and every answer that is
// no identifier.
#include "drivers/eid/restricted_id.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/crypto/digest.hpp"
#include "drivers/crypto/random.hpp"
#include "tests/fakes/card_script.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using apdu::tlv;
using base::Bytes;
using base::Errc;
using crypto::Hash;

namespace {

Bytes protocol() {
    return base::concat({apdu::oid::ri_ecdh, Bytes{3}});
}

eid::SecurityInfos infos() {
    eid::SecurityInfos out;
    out.restricted_id = {{protocol(), Hash::sha1, 2, false},
                         {protocol(), Hash::sha256, 1, true},
                         {protocol(), Hash::sha256, 2, false}};
    return out;
}

/// Every sector key needs the form 7F49; a card looks at the rest.
const Bytes sector_key = tlv(0x7F49, Bytes{0x06, 1, 0x2A});

std::string identifier(const char* tag, unsigned bytes) {
    const auto size = static_cast<std::uint8_t>(bytes);
    const std::uint8_t head[] = {0x7C, static_cast<std::uint8_t>(size + 2)};
    const std::uint8_t length[] = {size};
    return base::to_hex(head) + tag + base::to_hex(length) + base::to_hex(Bytes(bytes, 0x5A)) +
           "9000";
}

Errc code_of(const std::string& selection, const std::string& answer) {
    fakes::CardScript card;
    card.expect("*", selection);
    if (!answer.empty()) card.expect("*", answer);
    eid::Channel channel(card);
    const auto result = eid::read_pseudonym(channel, infos(), sector_key);
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
}

eid::CvCertificate terminal(std::vector<Bytes> hashes) {
    crypto::SystemRandom random;
    eid::CvCertificate out{};
    out.key.hash = Hash::sha384;
    out.sector_hashes = std::move(hashes);
    return out;
}

Bytes hash(Hash with, const Bytes& object) {
    return crypto::digest(with, object);
}

}  // namespace

TEST_CASE("restricted id: key 2 gives the pseudonym, key 1 the block list's, under each tag") {
    for (const auto& [sector, question, answer] : {std::tuple{eid::Sector::first, "a0", "81"},
                                                   std::tuple{eid::Sector::second, "a2", "83"}}) {
        fakes::CardScript card;
        const std::string selection = "800a04007f000702020502038401";
        card.expect("002241a40f" + selection + "02", "9000")
            .expect("*", identifier(answer, 32))
            .expect("002241a40f" + selection + "01", "9000")
            .expect("*", identifier(answer, 32));
        eid::Channel channel(card);
        const auto pseudonym = eid::read_pseudonym(channel, infos(), sector_key, sector);
        REQUIRE(pseudonym.has_value());
        CHECK(pseudonym->get()[31] == 0x5A);
        CHECK(card.last_command() == std::string("00860000077c05") + question + "0306012a00");
        CHECK(eid::read_block_list_id(channel, infos(), sector_key, sector).has_value());
        CHECK(card.done());
    }
}

TEST_CASE("restricted id: refusals and answers that are no identifier") {
    CHECK(code_of("6A80", "") == Errc::restricted_id_failed);
    CHECK(code_of("9000", "6982") == Errc::right_missing);
    CHECK(code_of("9000", "6A80") == Errc::restricted_id_failed);
    for (const std::string& bad :
         {std::string("9000"), std::string("30009000"), identifier("83", 32), identifier("81", 31),
          identifier("81", 33), std::string("7c0281009000")}) {
        CAPTURE(bad);
        CHECK(code_of("9000", bad) == Errc::restricted_id_failed);
    }
    fakes::CardScript untouched;
    eid::Channel channel(untouched);
    CHECK(eid::read_pseudonym(channel, {}, sector_key).error().code == Errc::restricted_id_failed);
    CHECK_FALSE(eid::read_pseudonym(channel, infos(), Bytes{0x30, 0}).has_value());
}

TEST_CASE("restricted id: the certificate says which sector a key is, by either hash") {
    const Bytes other(48, 1);
    const auto first = terminal({hash(Hash::sha384, sector_key), other});
    const auto second = terminal({other, hash(Hash::sha256, sector_key)});
    CHECK(eid::find_sector(first, sector_key).value() == eid::Sector::first);
    CHECK(eid::find_sector(second, sector_key).value() == eid::Sector::second);
    CHECK(eid::check_sector_key(second, sector_key).has_value());
    CHECK(eid::find_sector(terminal({}), sector_key).error().code == Errc::restricted_id_failed);
    CHECK(eid::check_sector_key(first, Bytes{0x30, 0}).error().code == Errc::restricted_id_failed);
}

TEST_CASE("restricted id: a key in another encoding gets the form whose hash is known") {
    crypto::SystemRandom random;
    const auto key = crypto::generate_key(crypto::Curve::brainpool_p256r1, random).point;
    const auto domain = crypto::domain_parameters(key.curve);
    const Bytes cofactor = tlv(0x87, Bytes{1});
    for (const std::uint8_t suffix : {std::uint8_t{1}, std::uint8_t{3}, std::uint8_t{5}}) {
        for (const Bytes& tail : {cofactor, Bytes{}}) {
            const Bytes object = tlv(
                0x7F49,
                {tlv(0x06, {apdu::oid::ri_ecdh, Bytes{suffix}}),
                 tlv(0x81, base::ByteView(domain.prime)), tlv(0x82, base::ByteView(domain.a)),
                 tlv(0x83, base::ByteView(domain.b)), tlv(0x84, base::ByteView(domain.generator)),
                 tlv(0x85, base::ByteView(domain.order)), tlv(0x86, base::ByteView(key.bytes)),
                 tail});
            const auto found = eid::sector_key_of(terminal({hash(Hash::sha256, object)}), key);
            REQUIRE(found.has_value());
            CHECK(*found == object);
        }
    }
    CHECK(eid::sector_key_of(terminal({Bytes(32, 1)}), key).error().code ==
          Errc::restricted_id_failed);
}
