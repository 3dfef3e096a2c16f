// SPDX-License-Identifier: EUPL-1.2
// EF.CardAccess and EF.CardSecurity of a real test card, and what must not be believed.
#include "drivers/eid/security_infos.hpp"

#include "drivers/apdu/tlv.hpp"
#include "drivers/eid/chip_auth.hpp"
#include "drivers/eid/passive_auth.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using base::Errc;
using fakes::hex;

TEST_CASE("security infos: the access file of a real card, padding and all") {
    const auto infos = eid::parse_security_infos(fakes::read_hex_file("cvc/efCardAccess.hex"));
    REQUIRE(infos.has_value());
    REQUIRE(infos->pace.size() == 1);
    CHECK(infos->pace[0].parameter_id == 13);
    CHECK(infos->pace[0].curve == crypto::Curve::brainpool_p256r1);
    REQUIRE(infos->chip_auth.size() == 1);
    CHECK(infos->chip_auth[0].key_id == 0x48U);
    CHECK(infos->terminal_auth_2);
    CHECK(infos->skipped > 0);
    CHECK(eid::choose_pace(*infos).has_value());
    const auto plan = eid::plan_chip_auth(*infos, crypto::Curve::p256);
    CHECK(plan.curve == crypto::Curve::brainpool_p256r1);
    CHECK(plan.key_id == 0x48U);
}

TEST_CASE(
    "security infos: chip authentication 3 and unknown entries are skipped, broken ones refused") {
    // Version 3 under key 42, then version 2 under key 41 (hex).
    const auto infos =
        eid::parse_security_infos(hex("312E"
                                      "3012060A04007F0007020203020202010302012A"
                                      "3012060A04007F00070202030202020102020129"
                                      "300406022A03"));
    REQUIRE(infos.has_value());
    REQUIRE(infos->chip_auth.size() == 1);
    CHECK(infos->chip_auth[0].key_id == 41U);
    CHECK(infos->skipped == 2);
    for (const char* bad : {"", "3000", "3101", "31020400", "31023000", "3104300206FF",
                            "3110300E060A04007F00070202040202",
                            "3112300F060A04007F000702020402020401020000", "310001"}) {
        CAPTURE(bad);
        CHECK(eid::parse_security_infos(hex(bad)).error().code == Errc::card_access_bad);
    }
    const auto empty = eid::parse_security_infos(hex("3100"));
    REQUIRE(empty.has_value());
    CHECK(eid::choose_pace(*empty).error().code == Errc::protocol_unsupported);
}

TEST_CASE(
    "passive auth: the signed file of a real card verifies, and any changed byte is noticed") {
    const base::Bytes file = fakes::read_hex_file("cvc/efCardSecurity.hex");
    const auto result = eid::verify_card_security(file, {});
    REQUIRE(result.has_value());
    CHECK(result->level == eid::PassiveAuthLevel::no_trust_anchor);
    REQUIRE(result->infos.chip_auth_keys.size() == 1);
    CHECK(result->infos.chip_auth_keys[0].key_id == 0x41U);
    REQUIRE(result->infos.restricted_id.size() == 2);
    CHECK(result->infos.restricted_id[0].authorized_only);
    CHECK(
        eid::choose_chip_auth(result->infos, {crypto::Curve::brainpool_p256r1, 0x41U}).has_value());
    CHECK(eid::choose_chip_auth(result->infos, {crypto::Curve::p256, 0x41U}).error().code ==
          Errc::protocol_unsupported);

    const auto security = eid::parse_card_security(file);
    REQUIRE(security.has_value());
    const auto at = [&](base::ByteView part) {
        const auto found = std::search(file.begin(), file.end(), part.begin(), part.end());
        REQUIRE(found != file.end());
        return static_cast<std::size_t>(found - file.begin());
    };
    const std::size_t spots[] = {at(security->content) + security->content.size() - 10,
                                 at(security->message_digest) + 3, at(security->signature) + 12};
    for (const std::size_t spot : spots) {
        base::Bytes changed = file;
        changed[spot] ^= 0x01U;
        CHECK_FALSE(eid::verify_card_security(changed, {}).has_value());
    }
}

TEST_CASE("passive auth: cut at any length it is refused; a list that does not fit refuses, too") {
    const base::Bytes file = fakes::read_hex_file("cvc/efCardSecurity.hex");
    const std::size_t whole = *apdu::announced_bytes(file);
    for (std::size_t size = 0; size < whole; size += 7) {
        CHECK_FALSE(eid::verify_card_security(base::ByteView(file).first(size), {}).has_value());
    }
    CHECK(eid::verify_card_security(file, {hex("3000")}).error().code == Errc::passive_auth_failed);
}

TEST_CASE("passive auth: what EF.CardAccess offered must stand in the signed infos") {
    const auto signed_infos =
        eid::verify_card_security(fakes::read_hex_file("cvc/efCardSecurity.hex"), {});
    const auto access = eid::parse_security_infos(fakes::read_hex_file("cvc/efCardAccess.hex"));
    REQUIRE(signed_infos.has_value());
    REQUIRE(access.has_value());
    eid::PaceInfo used = access->pace[0];
    CHECK(eid::check_card_access(used, signed_infos->infos).has_value());
    used.cipher = eid::Cipher::aes256;
    CHECK(eid::check_card_access(used, signed_infos->infos).error().code ==
          Errc::passive_auth_failed);
}
