// SPDX-License-Identifier: EUPL-1.2
// The insight protocol at its two ends: what a carrier in between cannot pass off.
#include "sync/receipts/insight.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests
#include "drivers/base/limits_exchange.hpp"
#include "drivers/crypto/random.hpp"
#include "sync/seal/jwe.hpp"

#include <doctest/doctest.h>

using base::Errc;
using namespace receipts;

namespace {

struct World {
    crypto::SystemRandom random;
    crypto::KeyPair journal = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair views = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair receipt = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair session = crypto::generate_key(crypto::Curve::p256, random);
    base::Uuid terminal{{7}};
    InsightNonce nonce{1, 2, 3};

    InsightRequest request() {
        InsightRequest out;
        out.terminal = terminal;
        out.subject = {model::SubjectKind::pseudonym, base::Bytes(32, 9)};
        out.session = session.point;
        out.nonce = nonce;
        out.observed = 41;
        return out;
    }
    std::string sealed(const InsightRequest& value) {
        seal::PairSigner signer(journal, random);
        return *seal_insight_request(value, signer, {"", views.point}, random);
    }
    base::Result<InsightRequest> read(const std::string& jwe, const base::Uuid& by,
                                      const crypto::Point& key) {
        const auto plain = seal::open_jwe(jwe, views, random);
        if (!plain) return tl::unexpected(plain.error());
        return read_insight_request(base::as_text(*plain), by, std::vector{key});
    }
    InsightPage head(std::uint64_t from = 0) {
        InsightPage page;
        page.terminal = terminal;
        page.nonce = nonce;
        page.from = from;
        page.log_size = 99;
        page.issued_ms = 1'795'000'000'000;
        return page;
    }
    std::string answer(const InsightPage& page, const std::vector<std::string>& rows) {
        seal::PairSigner signer(receipt, random);
        return *seal_insight_answer(page, rows, session.point, "kid", signer, random);
    }
    InsightExpected expected(std::uint64_t from = 0) {
        return {session, receipt.point, terminal, nonce, from};
    }
};

InsightRow an_access(int number) {
    InsightAccess access;
    access.authority = model::AuthorityId("amt-b");
    access.day = "2026-11-18";
    access.coverage = "covered";
    access.entry = "JBA-03";
    access.categories = "C07 C08";
    access.purpose = "appointment";
    access.system = "system-" + std::to_string(number);
    access.at_ms = 1'795'000'000'000;
    return access;
}

}  // namespace

TEST_CASE("insight: a request comes through as it was made, and only from its terminal") {
    World world;
    auto asked = world.request();
    asked.from = 17;
    asked.link = model::Digest{5};
    const std::string jwe = world.sealed(asked);
    const auto read = world.read(jwe, world.terminal, world.journal.point);
    REQUIRE(read.has_value());
    CHECK(read->subject == asked.subject);
    CHECK(read->session.bytes == asked.session.bytes);
    CHECK(read->nonce == asked.nonce);
    CHECK(read->observed == 41);
    CHECK(read->from == 17);
    CHECK(read->link == asked.link);
    CHECK(jwe.size() < limits::insight_body_bytes_max);
    const auto foreign = world.read(jwe, base::Uuid{{8}}, world.journal.point);
    REQUIRE_FALSE(foreign.has_value());
    CHECK(foreign.error().code == Errc::message_bad);
    const auto forged = world.read(jwe, world.terminal, world.session.point);
    REQUIRE_FALSE(forged.has_value());
    CHECK(forged.error().code == Errc::signature_bad);
    const auto plain = seal::open_jwe(jwe, world.session, world.random);
    REQUIRE_FALSE(plain.has_value());
    CHECK(plain.error().code == Errc::open_failed);
}

TEST_CASE("insight: a request that breaks its form is refused") {
    World world;
    auto asked = world.request();
    asked.subject.value = base::Bytes(15, 1);
    CHECK_FALSE(world.read(world.sealed(asked), world.terminal, world.journal.point).has_value());
    asked = world.request();
    asked.from = limits::insight_rows_max + 1;
    CHECK_FALSE(world.read(world.sealed(asked), world.terminal, world.journal.point).has_value());
    // Another signature of the same key is no request.
    seal::PairSigner signer(world.journal, world.random);
    const auto other =
        seal::sign_compact({.typ = "freigabe-head+jwt", .kid = "", .role = "", .jwk = {}},
                           base::as_bytes("{}"), signer);
    CHECK_FALSE(read_insight_request(*other, world.terminal, std::vector{world.journal.point}));
    CHECK_FALSE(read_insight_request("a.b", world.terminal, std::vector{world.journal.point}));
}

TEST_CASE("insight: every kind of row comes through as it was") {
    World world;
    InsightSource source{
        model::AuthorityId("amt-a"), "Amt A", true, false, true, 1'795'000'000'000};
    InsightRelease release;
    release.declaration = base::Uuid{{1}};
    release.terminal = base::Uuid{{2}};
    release.entry = "JBA-03";
    release.act_type = "consent";
    release.from = "2026-11-18";
    release.until = "2026-12-18";
    release.recorded_ms = 1'795'000'000'000;
    release.sources = {model::AuthorityId("amt-a")};
    release.parts = {{model::AuthorityId("amt-b"), "alive"},
                     {model::AuthorityId("amt-c"), "ended"}};
    release.statuses = {{base::Uuid{{1}}, model::AuthorityId("amt-a"), "withheld_by_source",
                         1'795'000'000'000, "undisclosed"}};
    InsightWish wish{model::AuthorityId("amt-b"), "JBA-05", "2026-12-01"};
    InsightAccess hidden;
    hidden.authority = model::AuthorityId("amt-c");
    hidden.withheld = true;
    hidden.day = "2026-11-17";
    const std::vector<InsightRow> rows{source, release, wish, an_access(1), hidden};
    std::vector<std::string> texts;
    for (const InsightRow& row : rows) texts.push_back(encode(row));
    CHECK(texts[4].find("purpose") == std::string::npos);
    const auto page =
        open_insight_answer(world.answer(world.head(), texts), world.expected(), world.random);
    REQUIRE(page.has_value());
    CHECK(page->log_size == 99);
    CHECK_FALSE(page->next.has_value());
    REQUIRE(page->rows.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(encode(page->rows[i]) == texts[i]);
}

TEST_CASE("insight: an answer of another session, nonce, terminal, page or hand is refused") {
    World world;
    const std::string good = world.answer(world.head(), {});
    REQUIRE(open_insight_answer(good, world.expected(), world.random).has_value());
    const auto refused = [&](const std::string& jwe, const InsightExpected& expected) {
        const auto page = open_insight_answer(jwe, expected, world.random);
        return page ? Errc::cancelled : page.error().code;
    };
    const auto later = crypto::generate_key(crypto::Curve::p256, world.random);
    auto other = world.expected();
    CHECK_MESSAGE(refused(good, {later, world.receipt.point, world.terminal, world.nonce, 0}) ==
                      Errc::open_failed,
                  "a replayed answer opens in no later session");
    other.nonce[0] ^= 1;
    CHECK(refused(good, other) == Errc::receipt_bad);
    CHECK(refused(good, world.expected(1)) == Errc::receipt_bad);
    auto foreign = world.expected();
    foreign.terminal = base::Uuid{{8}};
    CHECK(refused(good, foreign) == Errc::receipt_bad);
    // Whoever learned the session's public key cannot answer in the backend's name.
    seal::PairSigner somebody(world.views, world.random);
    const auto forged =
        seal_insight_answer(world.head(), {}, world.session.point, "kid", somebody, world.random);
    CHECK(refused(*forged, world.expected()) == Errc::receipt_bad);
    CHECK(refused(good + "A", world.expected()) != Errc::cancelled);
    CHECK(refused(good.substr(0, good.size() / 2), world.expected()) == Errc::message_bad);
    CHECK(refused(std::string(40'000, 'A'), world.expected()) == Errc::message_bad);
    CHECK(refused("", world.expected()) == Errc::message_bad);
}

TEST_CASE("insight: many rows come in pages that go on where the last one ended, none lost") {
    World world;
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) texts.push_back(encode(an_access(i)));
    std::vector<std::string> seen;
    std::uint64_t from = 0;
    unsigned pages = 0;
    for (;; ++pages) {
        REQUIRE(pages < 50);
        const std::string jwe = world.answer(world.head(from), texts);
        const auto page = open_insight_answer(jwe, world.expected(from), world.random);
        REQUIRE(page.has_value());
        for (const InsightRow& row : page->rows) seen.push_back(encode(row));
        if (!page->next) break;
        CHECK(*page->next > from);
        from = *page->next;
    }
    CHECK(pages > 2);
    CHECK(seen == texts);
    const auto behind = open_insight_answer(world.answer(world.head(300), texts),
                                            world.expected(300), world.random);
    REQUIRE(behind.has_value());
    CHECK(behind->rows.empty());
    CHECK_FALSE(behind->next.has_value());
}

TEST_CASE("insight: the length of an answer tells the size class and no more") {
    World world;
    std::vector<std::size_t> lengths;
    std::vector<std::string> texts;
    for (int i = 0; i < 8; ++i) {
        lengths.push_back(world.answer(world.head(), texts).size());
        texts.push_back(encode(an_access(i)));
    }
    for (const std::size_t length : lengths) CHECK(length == lengths.front());
}
