// SPDX-License-Identifier: EUPL-1.2
// Cards that offer several of everything, in any order, among entries that nobody here knows: which
// row is used, and what the card is told about it.
#include "drivers/eid/contact.hpp"

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/eid/chip_auth.hpp"
#include "drivers/eid/signer_certificate.hpp"
#include "tests/fakes/card_script.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"

using apdu::tlv;
using base::Bytes;
using base::Errc;
using crypto::Curve;

namespace {

/// An identifier below bsi-de protocols smartcard (0.4.0.127.0.7.2.2).
Bytes oid(std::initializer_list<std::uint8_t> tail) {
    return tlv(0x06, {Bytes{4, 0, 127, 0, 7, 2, 2}, Bytes(tail)});
}
Bytes number(std::uint8_t value) {
    return Bytes{2, 1, value};
}
Bytes row(std::initializer_list<base::ByteView> parts) {
    return tlv(0x30, parts);
}
Bytes standard(std::uint8_t id) {
    return row({tlv(0x06, Bytes{4, 0, 127, 0, 7, 1, 2}), number(id)});
}
Bytes pace(std::initializer_list<std::uint8_t> tail, std::uint8_t parameters) {
    return row({oid(tail), number(2), number(parameters)});
}
Bytes chip(std::uint8_t cipher, std::uint8_t version, std::uint8_t key) {
    return row({oid({3, 2, cipher}), number(version), number(key)});
}
Bytes chip_parameters(std::uint8_t parameters, std::uint8_t key) {
    return row({oid({3, 2}), standard(parameters), number(key)});
}
Bytes unknown() {
    // Pseudonymous signatures, and an entry of nobody with content of no known form.
    return base::concat({row({oid({11, 2, 3}), row({number(1), number(0), number(0x42)})}),
                         row({tlv(0x06, Bytes{42, 3}), Bytes{0x0C, 1, 'x'}, Bytes{5, 0}})});
}
Bytes set(std::initializer_list<base::ByteView> rows) {
    return tlv(0x31, rows);
}

std::string answer(const Bytes& file) {
    return base::to_hex(file) + "6282";
}

struct Choice {
    std::string selection;  ///< MSE:Set AT of the probe, after its header and length
    eid::Contact contact;
};
Choice open(const Bytes& card_access) {
    fakes::CardScript card;
    card.expect("00b09c0000", answer(card_access)).expect("*", "9000");
    eid::Channel channel(card);
    auto contact = eid::open_contact(channel);
    REQUIRE(contact.has_value());
    CHECK(eid::probe_pin(channel, *contact).value() == eid::PinState::three_tries);
    return {card.last_command().substr(10), std::move(*contact)};
}

}  // namespace

TEST_CASE("contact: one PACE row needs no name, a second of any kind makes the card hear which") {
    const std::string gm_128 = "800a04007f00070202040202830103";
    CHECK(open(set({pace({4, 2, 2}, 13), unknown()})).selection == gm_128);
    for (const Bytes& other : {pace({4, 4, 2}, 13), pace({4, 2, 1}, 13), pace({4, 1, 2}, 0),
                               pace({4, 2, 4}, 16), pace({4, 6, 2}, 13)}) {
        CHECK(open(set({pace({4, 2, 2}, 13), unknown(), other})).selection == gm_128 + "84010d");
    }
    // Integrated mapping, 3DES and an unknown curve come first and are passed over.
    const auto last = open(set({pace({4, 4, 2}, 13), pace({4, 2, 1}, 13), pace({4, 2, 2}, 14),
                                unknown(), pace({4, 2, 4}, 17)}));
    CHECK(last.selection == "800a04007f00070202040204830103840111");
    CHECK(last.contact.pace.cipher == eid::Cipher::aes256);
    CHECK(last.contact.pace.curve == Curve::brainpool_p512r1);
}

TEST_CASE("contact: nothing usable is told apart from nothing at all") {
    const auto code = [](const Bytes& file) {
        fakes::CardScript card;
        card.expect("00b09c0000", answer(file));
        eid::Channel channel(card);
        return eid::open_contact(channel).error().code;
    };
    CHECK(code(set({pace({4, 4, 2}, 13), unknown()})) == Errc::protocol_unsupported);
    CHECK(code(set({pace({4, 2, 2}, 14)})) == Errc::protocol_unsupported);
    CHECK(code(set({row({oid({4, 2, 2}), number(1), number(13)})})) == Errc::protocol_unsupported);
    CHECK(code(Bytes{0x30, 0}) == Errc::card_access_bad);

    fakes::CardScript foreign;
    foreign.expect("00b09c0000", "6A82").expect("00a4000c", "9000").expect("00b09c0000", "6A82");
    eid::Channel channel(foreign);
    CHECK(eid::open_contact(channel).error().code == Errc::card_foreign);
}

TEST_CASE("contact: the states of the PIN, also of a card that says blocked in its own way") {
    for (const auto& [status, state] :
         {std::pair{"9000", eid::PinState::three_tries},
          std::pair{"63C2", eid::PinState::two_tries}, std::pair{"63C1", eid::PinState::suspended},
          std::pair{"63C0", eid::PinState::blocked}, std::pair{"6983", eid::PinState::blocked},
          std::pair{"6283", eid::PinState::deactivated}}) {
        fakes::CardScript card;
        card.expect("00b09c0000", answer(set({pace({4, 2, 2}, 13)}))).expect("*", status);
        eid::Channel channel(card);
        const auto contact = eid::open_contact(channel);
        REQUIRE(contact.has_value());
        CHECK(eid::probe_pin(channel, *contact).value() == state);
    }
}

TEST_CASE("chip auth: of several keys the plan takes one whose curve is known, and stays with it") {
    const auto infos = [](const Bytes& file) {
        auto parsed = eid::parse_security_infos(file);
        REQUIRE(parsed.has_value());
        return std::move(*parsed);
    };
    // Version 3 under 42, version 1 and an unknown curve are passed over; then 45 on P-384.
    const auto access =
        infos(set({chip(2, 3, 0x42), chip_parameters(13, 0x42), chip(2, 1, 0x40), chip(2, 2, 0x44),
                   chip_parameters(14, 0x44), unknown(), chip(4, 2, 0x45),
                   chip_parameters(15, 0x45), chip(2, 2, 0x41), chip_parameters(13, 0x41)}));
    const auto plan = eid::plan_chip_auth(access, Curve::brainpool_p256r1);
    CHECK(plan.curve == Curve::p384);
    CHECK(plan.key_id == 0x45U);

    const auto point = [](Curve curve) { return crypto::domain_parameters(curve).generator; };
    const auto key = [&](std::uint8_t parameters, Curve curve, std::uint8_t id) {
        const Bytes no_unused_bits{0};
        return row({oid({1, 2}),
                    row({standard(parameters), tlv(0x03, {no_unused_bits, point(curve)})}),
                    number(id)});
    };
    const auto signed_infos =
        infos(set({chip(2, 2, 0x41), key(13, Curve::brainpool_p256r1, 0x41), chip(4, 2, 0x45),
                   key(15, Curve::p384, 0x45), chip(2, 3, 0x42)}));
    const auto choice = eid::choose_chip_auth(signed_infos, plan);
    REQUIRE(choice.has_value());
    CHECK(choice->info.key_id == 0x45U);
    CHECK(choice->info.cipher == eid::Cipher::aes256);
    CHECK(choice->key.curve == Curve::p384);

    // No entry at all: the ephemeral key lies on PACE's curve, and any signed key there will do.
    const auto silent = eid::plan_chip_auth(infos(set({unknown()})), Curve::brainpool_p256r1);
    CHECK(silent.curve == Curve::brainpool_p256r1);
    CHECK(eid::choose_chip_auth(signed_infos, silent)->info.key_id == 0x41U);
}

TEST_CASE("security infos: a curve of the card's own is used only if it equals one we know") {
    const auto curve_with = [](const Bytes& parameters) {
        const auto infos = eid::parse_security_infos(set({pace({4, 2, 2}, 33), parameters}));
        REQUIRE(infos.has_value());
        return infos->pace.at(0).curve;
    };
    CHECK(curve_with(row({oid({4, 2}), standard(13), number(33)})) == Curve::brainpool_p256r1);
    CHECK(curve_with(row({oid({4, 2}), standard(15)})) == Curve::p384);
    CHECK_FALSE(curve_with(row({oid({4, 2}), standard(13), number(34)})).has_value());
    CHECK_FALSE(curve_with(row({oid({4, 2}), standard(14), number(33)})).has_value());
    CHECK_FALSE(curve_with(unknown()).has_value());
    CHECK(eid::parse_security_infos(set({row({oid({4, 2}), number(33)})})).error().code ==
          Errc::card_access_bad);
}

TEST_CASE("security infos: restricted identification of other hashes and versions") {
    const Bytes yes{1, 1, 0xFF};
    const auto restricted = [&](std::uint8_t hash, std::uint8_t version) {
        return row({oid({5, 2, hash}), row({number(version), number(2), yes})});
    };
    const auto infos = eid::parse_security_infos(
        set({restricted(3, 1), restricted(3, 2), restricted(0, 1), restricted(6, 1)}));
    REQUIRE(infos.has_value());
    REQUIRE(infos->restricted_id.size() == 1);
    CHECK(infos->restricted_id[0].hash == crypto::Hash::sha256);
    CHECK(infos->restricted_id[0].authorized_only);
    CHECK(infos->skipped == 3);
    for (const Bytes& content : {Bytes{}, number(1), row({number(1), number(2)}),
                                 row({number(1), yes}), row({number(1), number(2), Bytes{1, 0}}),
                                 row({number(1), number(2), Bytes{1, 2, 0, 0}})}) {
        CAPTURE(base::to_hex(content));
        CHECK(eid::parse_security_infos(set({row({oid({5, 2, 3}), content})})).error().code ==
              Errc::card_access_bad);
    }
}

TEST_CASE("security infos: a chip key on an unknown curve is passed over, a broken one refused") {
    const auto parse = [](std::uint8_t parameters, std::initializer_list<std::uint8_t> bits) {
        return eid::parse_security_infos(set(
            {row({oid({1, 2}), row({standard(parameters), tlv(0x03, Bytes(bits))}), number(1)})}));
    };
    const auto foreign = parse(14, {0, 4});
    REQUIRE(foreign.has_value());
    CHECK(foreign->chip_auth_keys.empty());
    CHECK(foreign->skipped == 1);
    CHECK(parse(13, {}).error().code == Errc::card_access_bad);
    CHECK(parse(13, {0}).error().code == Errc::card_access_bad);
    CHECK(parse(13, {1, 4}).error().code == Errc::card_access_bad);
    CHECK(parse(13, {0, 4, 1, 2}).error().code == Errc::card_access_bad);
}

TEST_CASE("security infos: algorithms that name no curve, and each name that is one") {
    const Bytes ec_key = tlv(0x06, apdu::oid::ec_public_key);
    for (const Bytes& none :
         {Bytes{}, Bytes{0x31, 0}, row({}), row({Bytes{6, 1, 42}}), row({ec_key}),
          row({tlv(0x06, apdu::oid::standardised_domain_parameters)}),
          row({ec_key, Bytes{6, 1, 42}}), row({ec_key, row({})}),
          row({ec_key, row({number(1), row({}), row({}), Bytes{4, 0}, number(1), number(1)})})}) {
        CAPTURE(base::to_hex(none));
        CHECK_FALSE(eid::curve_of_algorithm(none).has_value());
    }
    for (const auto& [name, curve] :
         {std::pair{base::ByteView(apdu::oid::curve_p256), Curve::p256},
          std::pair{base::ByteView(apdu::oid::curve_p384), Curve::p384},
          std::pair{base::ByteView(apdu::oid::curve_p521), Curve::p521},
          std::pair{base::ByteView(apdu::oid::curve_brainpool_p256r1), Curve::brainpool_p256r1},
          std::pair{base::ByteView(apdu::oid::curve_brainpool_p384r1), Curve::brainpool_p384r1},
          std::pair{base::ByteView(apdu::oid::curve_brainpool_p512r1), Curve::brainpool_p512r1}}) {
        CHECK(eid::curve_of_algorithm(row({ec_key, tlv(0x06, name)})) == curve);
    }
}

TEST_CASE("signature algorithms: every hash we have by its identifier, nothing else") {
    using crypto::Hash;
    const auto with_suffix = [](base::ByteView prefix, std::uint8_t suffix) {
        return row({tlv(0x06, {prefix, Bytes{suffix}})});
    };
    const std::array all = {Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto suffix = static_cast<std::uint8_t>(i + 1);
        CHECK(eid::hash_of_signature_algorithm(with_suffix(apdu::oid::ecdsa_plain, suffix)) ==
              all[i]);
        if (i == 0) continue;
        CHECK(eid::hash_of_signature_algorithm(
                  with_suffix(apdu::oid::ecdsa_sha2, static_cast<std::uint8_t>(i))) == all[i]);
    }
    CHECK(eid::hash_of_signature_algorithm(row({tlv(0x06, apdu::oid::ecdsa_sha1)})) == Hash::sha1);
    CHECK(eid::hash_of_digest_algorithm(row({tlv(0x06, apdu::oid::sha1)})) == Hash::sha1);
    CHECK(eid::hash_of_digest_algorithm(row({tlv(0x06, apdu::oid::sha224)})) == Hash::sha224);
    CHECK(eid::hash_of_digest_algorithm(row({tlv(0x06, apdu::oid::sha256)})) == Hash::sha256);
    CHECK(eid::hash_of_digest_algorithm(row({tlv(0x06, apdu::oid::sha384)})) == Hash::sha384);
    CHECK(eid::hash_of_digest_algorithm(row({tlv(0x06, apdu::oid::sha512)})) == Hash::sha512);
    for (const Bytes& none :
         {Bytes{}, row({}), row({Bytes{6, 0}}), row({Bytes{6, 1, 42}}),
          with_suffix(apdu::oid::ecdsa_plain, 0), with_suffix(apdu::oid::ecdsa_plain, 6),
          with_suffix(apdu::oid::ecdsa_sha2, 5)}) {
        CHECK_FALSE(eid::hash_of_signature_algorithm(none).has_value());
        CHECK_FALSE(eid::hash_of_digest_algorithm(none).has_value());
    }
}
