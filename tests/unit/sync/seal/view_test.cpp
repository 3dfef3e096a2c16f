// SPDX-License-Identifier: EUPL-1.2
// The citizen's own copy.
#include "sync/seal/view.hpp"

#include <doctest/doctest.h>

#include "drivers/base/limits.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;

TEST_CASE("view: opens with pseudonym, terminal and place, and nothing less (I15)") {
    fakes::SeededRandom random{1};
    const base::Bytes pseudonym(32, 1);
    const base::Bytes salt(32, 2);
    const model::RecordKey place{base::Uuid({3}), 1, 4};
    const seal::ViewKey key = seal::view_key(pseudonym, salt);
    const base::Bytes plain{'a', 'b'};
    const auto sealed = seal::seal_view(plain, place, key, random);
    REQUIRE(sealed.has_value());
    CHECK(*seal::open_view(*sealed, place, key) == plain);
    const auto refused = [&](base::ByteView bytes, const model::RecordKey& at,
                             const seal::ViewKey& with) {
        const auto opened = seal::open_view(bytes, at, with);
        return !opened.has_value() && opened.error().code == Errc::open_failed;
    };
    CHECK(refused(*sealed, place, seal::view_key(base::Bytes(32, 9), salt)));
    CHECK(refused(*sealed, place, seal::view_key(pseudonym, base::Bytes(32, 9))));
    CHECK(refused(*sealed, {base::Uuid({3}), 1, 5}, key));
    CHECK(refused(*sealed, {base::Uuid({3}), 2, 4}, key));
    CHECK(refused(base::ByteView(*sealed).first(11), place, key));
    for (std::size_t at = 0; at < sealed->size(); at += 97) {
        base::Bytes changed = *sealed;
        changed[at] ^= 1;
        CHECK(refused(changed, place, key));
    }
}

TEST_CASE("view: the size tells a class, not a length") {
    fakes::SeededRandom random{1};
    const seal::ViewKey key = seal::view_key(base::Bytes(32, 1), {});
    const auto size_of = [&](std::size_t plain) {
        return seal::seal_view(base::Bytes(plain, 'x'), {}, key, random)->size();
    };
    CHECK(size_of(0) == 1'968 + 28);
    CHECK(size_of(1'964) == 1'968 + 28);
    CHECK(size_of(1'965) == 4'096 + 28);
    CHECK(size_of(limits::declaration_bytes_max) == limits::declaration_bytes_max + 4 + 28);
    CHECK(seal::seal_view(base::Bytes(limits::declaration_bytes_max + 1, 'x'), {}, key, random)
              .error()
              .code == Errc::seal_failed);
}

TEST_CASE("view: the index is stable for a holder and unlike for two") {
    const base::Bytes salt(32, 2);
    const auto index = [&](std::uint8_t person) {
        return seal::view_index(seal::view_key(base::Bytes(32, person), salt));
    };
    CHECK(index(1) == index(1));
    CHECK(index(1) != index(2));
    CHECK(index(1) != seal::view_index(seal::view_key(base::Bytes(32, 1), base::Bytes(32, 3))));
}
