// SPDX-License-Identifier: EUPL-1.2
// An authority's invitation slip: signed, dated, and what it is about is the backend's alone.
#include "sync/seal/invitation.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests
#include "drivers/crypto/random.hpp"
#include "sync/model/times.hpp"

#include <doctest/doctest.h>

using base::Errc;

namespace {

struct World {
    crypto::SystemRandom random;
    crypto::KeyPair authority = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair views = crypto::generate_key(crypto::Curve::p256, random);
    model::Date day = *model::parse_date("2026-12-01");

    seal::Invitation invitation(const std::string& file = "4711/26") {
        return {model::AuthorityId("amt-b"), base::Uuid{{1}}, model::EntryId("JBA-03"), day,
                *seal::seal_invited_file({file, "2007-01-02"}, {"", views.point}, random)};
    }
    std::string code(const seal::Invitation& value) {
        seal::PairSigner signer(authority, random);
        return *seal::sign_invitation(value, signer);
    }
};

}  // namespace

TEST_CASE("invitation: a slip verifies until its day is over, and names no file") {
    World world;
    const std::string code = world.code(world.invitation());
    CHECK(code.size() < 1'200);
    const auto read = seal::verify_invitation(code, world.authority.point, world.day);
    REQUIRE(read.has_value());
    CHECK(read->authority.get() == "amt-b");
    CHECK(read->entry.get() == "JBA-03");
    const auto file = seal::open_invited_file(read->sealed, world.views, world.random);
    REQUIRE(file.has_value());
    CHECK(file->file_number == "4711/26");
    CHECK(file->birth_date == "2007-01-02");
    const auto later = *model::parse_date("2026-12-02");
    const auto over = seal::verify_invitation(code, world.authority.point, later);
    REQUIRE_FALSE(over.has_value());
    CHECK(over.error().code == Errc::slip_bad);
    CHECK_FALSE(seal::open_invited_file(read->sealed, world.authority, world.random).has_value());
    CHECK_MESSAGE(
        world.code(world.invitation(std::string(64, '9'))).size() <= seal::invitation_bytes_max,
        "the longest file number still fits");
}

TEST_CASE("invitation: a forged, changed or foreign code is refused") {
    World world;
    const std::string code = world.code(world.invitation());
    const auto refused = [&](const std::string& text) {
        const auto read = seal::verify_invitation(text, world.authority.point, world.day);
        return !read && read.error().code == Errc::slip_bad;
    };
    CHECK_FALSE(refused(code));
    std::string changed = code;
    changed[code.find('.') + 5] ^= 1;
    CHECK(refused(changed));
    CHECK(refused(code + "A"));
    CHECK(refused(code.substr(0, code.size() - 4)));
    CHECK(refused(""));
    CHECK(refused(std::string(seal::invitation_bytes_max + 1, 'A')));
    CHECK_FALSE(seal::verify_invitation(code, world.views.point, world.day).has_value());
    auto nameless = world.invitation();
    nameless.authority = model::AuthorityId("no id!");
    CHECK(refused(world.code(nameless)));
    // The same key's signature under something else is no invitation.
    seal::PairSigner signer(world.authority, world.random);
    const auto other =
        seal::sign_compact({.typ = "freigabe-slip+jwt", .kid = "amt-b", .role = "", .jwk = {}},
                           base::as_bytes("{}"), signer);
    CHECK(refused(*other));
    CHECK_FALSE(seal::seal_invited_file({"", "2007-01-02"}, {"", world.views.point}, world.random));
    CHECK_FALSE(seal::seal_invited_file({"1", "yesterday"}, {"", world.views.point}, world.random));
}
