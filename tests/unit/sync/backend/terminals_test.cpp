// SPDX-License-Identifier: EUPL-1.2
// Enrolment: the code works once, for one terminal, at one site, for a time; a lost answer costs
// nothing.
#include "sync/backend/ingest/terminals.hpp"

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
