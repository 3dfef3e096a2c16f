// SPDX-License-Identifier: EUPL-1.2
// Enrolment: the code works once, for one terminal, at one site, for a time; a lost answer costs
// nothing.
#include "sync/backend/ingest/terminals.hpp"

#include "sync/backend/ingest/ingest.hpp"
#include "sync/seal/key_change.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

using test::start_ms;
using test::Terminal;

namespace {

base::Errc code_of(const base::Result<void>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
}

}  // namespace

TEST_CASE("enrolment: a code opens the door once, and the same key may knock again") {
    test::SeededRandom random{5};
    const auto store = test::memory_store();
    Terminal a{1, random};
    Terminal b{2, random};
    const auto code = backend::invite(*store, {a.id, "Musterstadt", start_ms + 10}, random);
    REQUIRE(code.has_value());
    CHECK(code->size() == 24);
    const std::string body = a.enrolment(*code, "Musterstadt");
    CHECK(backend::journal_keys(*store, a.id)->empty());
    REQUIRE(backend::enrol(*store, body, a.id, start_ms).has_value());
    REQUIRE(backend::journal_keys(*store, a.id)->size() == 1);
    CHECK(backend::journal_keys(*store, a.id)->front().bytes == a.key.point.bytes);
    CHECK_MESSAGE(backend::enrol(*store, body, a.id, start_ms).has_value(), "the answer was lost");
    Terminal thief{1, random};
    CHECK(code_of(backend::enrol(*store, thief.enrolment(*code, "Musterstadt"), a.id, start_ms)) ==
          base::Errc::peer_not_allowed);
    CHECK(backend::journal_keys(*store, a.id)->size() == 1);
}

TEST_CASE("enrolment: a new key joins the old one, newest first") {
    test::SeededRandom random{6};
    const auto store = test::memory_store();
    Terminal before{1, random};
    Terminal after{1, random};
    for (Terminal* terminal : {&before, &after}) {
        const auto code =
            backend::invite(*store, {terminal->id, "Musterstadt", start_ms + 10}, random);
        REQUIRE(code.has_value());
        REQUIRE(backend::enrol(*store, terminal->enrolment(*code, "Musterstadt"), terminal->id,
                               start_ms)
                    .has_value());
    }
    const auto keys = backend::journal_keys(*store, before.id);
    REQUIRE(keys->size() == 2);
    CHECK(keys->at(0).bytes == after.key.point.bytes);
    CHECK(keys->at(1).bytes == before.key.point.bytes);
}

TEST_CASE("enrolment: a UUID that has recorded takes no second device, by chain or ahead of it") {
    test::SeededRandom random{6};
    const auto store = test::memory_store();
    Terminal before{1, random};
    Terminal after{1, random};
    const auto enrol = [&](Terminal& terminal, const std::string& code) {
        return backend::enrol(*store, terminal.enrolment(code, "Musterstadt"), terminal.id,
                              start_ms);
    };
    const auto invite = [&] {
        return backend::invite(*store, {before.id, "Musterstadt", start_ms + 10}, random);
    };
    const auto first = invite();
    const auto second = invite();
    REQUIRE(enrol(before, *first).has_value());
    CHECK_FALSE(*backend::has_recorded(*store, before.id));
    before.append(test::grant(50));
    SUBCASE("a record") {
        REQUIRE(backend::ingest_batch(*store, before.id, before.batch(1, 1)).has_value());
    }
    SUBCASE("a withdrawal that ran ahead") {
        before.append(test::withdrawal(60, model::TargetKind::declaration,
                                       model::declaration_value(test::uuid(50))));
        REQUIRE(backend::ingest_advance(*store, before.id, before.advance({2})).has_value());
    }
    CHECK(*backend::has_recorded(*store, before.id));
    CHECK_MESSAGE(code_of(enrol(after, *second)) == base::Errc::peer_not_allowed, "a spare code");
    CHECK(backend::journal_keys(*store, before.id)->size() == 1);
    CHECK_MESSAGE(enrol(before, *first).has_value(), "its own answer was lost");
}

TEST_CASE("enrolment: every other body is refused") {
    test::SeededRandom random{8};
    const auto store = test::memory_store();
    Terminal a{1, random};
    Terminal b{2, random};
    const auto code = backend::invite(*store, {a.id, "Musterstadt", start_ms + 10}, random);
    REQUIRE(code.has_value());
    const std::string good = a.enrolment(*code, "Musterstadt");
    struct Row {
        const char* name;
        std::string body;
        base::Uuid caller;
        std::uint64_t now_ms;
        base::Errc expected;
    };
    const Row rows[] = {
        {"wrong code", a.enrolment("AAAA-AAAA-AAAA-AAAA-AAAA", "Musterstadt"), a.id, start_ms,
         base::Errc::peer_not_allowed},
        {"another site", a.enrolment(*code, "Anderswo"), a.id, start_ms,
         base::Errc::peer_not_allowed},
        {"another terminal's code", b.enrolment(*code, "Musterstadt"), b.id, start_ms,
         base::Errc::peer_not_allowed},
        {"another certificate", good, b.id, start_ms, base::Errc::peer_not_allowed},
        {"too late", good, a.id, start_ms + 11, base::Errc::peer_not_allowed},
        {"no JWS", "{}", a.id, start_ms, base::Errc::message_bad},
        {"empty", "", a.id, start_ms, base::Errc::message_bad},
        {"a head instead",
         [&] {
             a.append(test::grant(50));
             return a.sign_head(1);
         }(),
         a.id, start_ms, base::Errc::message_bad},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(code_of(backend::enrol(*store, row.body, row.caller, row.now_ms)) == row.expected);
    }
    CHECK(backend::enrol(*store, good, a.id, start_ms).has_value());
}

TEST_CASE("key change: the key that follows counts from its epoch on, and only then") {
    test::SeededRandom random{9};
    const auto store = test::memory_store();
    Terminal a{1, random};
    test::enrol(*store, a);
    const auto second = crypto::generate_key(crypto::Curve::p256, random);
    const auto third = crypto::generate_key(crypto::Curve::p256, random);
    const auto change = [&](const crypto::KeyPair& from, const crypto::KeyPair& to,
                            std::uint32_t epoch) {
        seal::PairSigner old_signer(from, random);
        seal::PairSigner new_signer(to, random);
        return seal::sign_key_change({a.id, epoch, to.point}, from.point, old_signer, new_signer)
            .value();
    };
    const std::string body = change(a.key, second, 2);
    REQUIRE(backend::change_key(*store, body, a.id, start_ms).has_value());
    CHECK(*backend::change_key(*store, body, a.id, start_ms) == 2);  // the answer was lost
    const auto key_at = [&](std::uint32_t epoch) {
        const auto keys = backend::journal_keys(*store, a.id, epoch);
        REQUIRE(keys->size() == 1);
        return keys->front().bytes;
    };
    CHECK(key_at(1) == a.key.point.bytes);
    CHECK(key_at(2) == second.point.bytes);
    CHECK(key_at(9) == second.point.bytes);
    // Whoever has only the old key, a used key, or an epoch that has begun, changes nothing.
    for (const auto& [bad, code] :
         {std::pair{change(a.key, third, 3), base::Errc::signature_bad},
          std::pair{change(second, a.key, 3), base::Errc::peer_not_allowed},
          std::pair{change(second, third, 2), base::Errc::record_bad}}) {
        const auto refused = backend::change_key(*store, bad, a.id, start_ms);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().code == code);
    }
    Terminal b{2, random};
    test::enrol(*store, b);
    CHECK_FALSE(backend::change_key(*store, change(b.key, third, 3), a.id, start_ms).has_value());
    CHECK_FALSE(backend::change_key(*store, change(second, third, 3), b.id, start_ms).has_value());
    CHECK(*backend::change_key(*store, change(second, third, 3), a.id, start_ms) == 3);
}

TEST_CASE("key change: records of the new epoch under the old key are refused") {
    test::SeededRandom random{10};
    const auto store = test::memory_store();
    Terminal a{1, random};
    test::enrol(*store, a);
    a.append(test::grant(1));
    REQUIRE(backend::ingest_batch(*store, a.id, a.batch(1, 1)).has_value());
    const auto second = crypto::generate_key(crypto::Curve::p256, random);
    seal::PairSigner old_signer(a.key, random);
    seal::PairSigner new_signer(second, random);
    const std::string body =
        *seal::sign_key_change({a.id, 2, second.point}, a.key.point, old_signer, new_signer);
    REQUIRE(backend::change_key(*store, body, a.id, start_ms).has_value());
    a.append(test::grant(2));
    CHECK_MESSAGE(backend::ingest_batch(*store, a.id, a.batch(2, 2)).has_value(), "still its own");
    a.new_epoch(a.head());
    a.append(test::grant(3));
    const auto refused = backend::ingest_batch(*store, a.id, a.batch(1, 1));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == base::Errc::signature_bad);
}
