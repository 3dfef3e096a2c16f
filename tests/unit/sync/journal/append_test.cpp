// SPDX-License-Identifier: EUPL-1.2
// One declaration, one record: bytes, codes, time and what the disk tells.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "drivers/crypto/digest.hpp"
#include "sync/model/batch.hpp"
#include "sync/model/declaration_json.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/slip_code.hpp"

using base::Errc;
using fakes::JournalWorld;

namespace {

std::string file_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("append: what was made ready serves one record, and every record has its own key") {
    JournalWorld world;
    journal::Journal journal = world.open();
    std::set<std::string> protected_headers;
    for (int i = 0; i < 4; ++i) {
        // Made ready once, twice, and not at all.
        for (int times = i; times < 2; ++times) REQUIRE(journal.make_ready().has_value());
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    }
    const auto batch = model::parse_batch(journal.next_batch(50).value());
    REQUIRE(batch->records.size() == 4);
    for (const model::Record& record : batch->records) {
        protected_headers.insert(record.jwe.substr(0, record.jwe.find('.')));
        CHECK(seal::open_jwe(record.jwe, world.views, world.random).has_value());
    }
    CHECK(protected_headers.size() == 4);
}

TEST_CASE("append: a consent becomes one chained, signed, sealed record") {
    JournalWorld world;
    journal::Journal journal = world.open();
    const auto first = journal.append(fakes::consent(7), journal::Slip::print);
    REQUIRE(first.has_value());
    CHECK(first->key == model::RecordKey{world.terminal, 1, 1});
    const auto second = journal.append(fakes::consent(7, {"a", "b"}), journal::Slip::none);
    REQUIRE(second.has_value());
    CHECK(second->key.seq == 2);
    CHECK(second->check_code.empty());

    const auto body = journal.next_batch(50);
    REQUIRE(body.has_value());
    const auto batch = model::parse_batch(*body);
    REQUIRE(batch.has_value());
    REQUIRE(batch->records.size() == 2);
    const auto one = seal::check_record(batch->records[0]);
    const auto two = seal::check_record(batch->records[1]);
    REQUIRE(one.has_value());
    REQUIRE(two.has_value());
    CHECK(one->header.prev == model::Digest{});
    CHECK(two->header.prev == one->leaf);
    CHECK(two->header.kind == model::Kind::grant);
    CHECK(two->scopes.parts.size() == 2);
    const auto head = seal::verify_head(batch->head, world.journal_key);
    REQUIRE(head.has_value());
    CHECK(head->leaf == two->leaf);

    const auto plain = seal::open_jwe(batch->records[0].jwe, world.views, world.random);
    REQUIRE(plain.has_value());
    const auto declaration = model::parse_declaration(base::as_text(*plain));
    REQUIRE(declaration.has_value());
    CHECK(declaration->id == first->declaration);
    CHECK(declaration->place.terminal == world.terminal);
    CHECK(declaration->person->given_names == "Ayşe");
    CHECK(declaration->time.wall_ms == world.clock.wall);
}

TEST_CASE("append: both codes of the slip verify and bind the record") {
    JournalWorld world;
    journal::Journal journal = world.open();
    const auto done = journal.append(fakes::consent(7), journal::Slip::print);
    REQUIRE(done.has_value());
    const auto code = seal::verify_check(done->check_code, world.journal_key);
    REQUIRE(code.has_value());
    CHECK(code->declaration == done->declaration);
    CHECK(code->date == model::day_of(world.clock.wall));
    const auto back = seal::read_take_back(done->take_back_code);
    REQUIRE(back.has_value());
    CHECK(back->code == *code);
    const auto body = journal.next_batch(1);
    REQUIRE(body.has_value());
    const auto batch = model::parse_batch(*body);
    const auto record = seal::check_record(batch->records[0]);
    CHECK(record->scopes.slip_hash == back->secret_hash);
    // A QR code of medium size holds the check code; the older limit of the norm page is 383.
    CHECK(done->check_code.size() < 500);
}

namespace {

/// A key that goes away after some signatures (a token that was pulled).
class PulledKeyStore final : public port::KeyStore {
  public:
    PulledKeyStore(port::KeyStore& keys, int signatures) : keys_(keys), left_(signatures) {}
    base::Result<base::Bytes> public_point(std::string_view key_name) override {
        return keys_.public_point(key_name);
    }
    base::Result<base::Bytes> sign_digest(std::string_view key_name,
                                          base::ByteView digest) override {
        if (left_-- <= 0) return base::fail(base::Errc::crypto_failed, "pulled");
        return keys_.sign_digest(key_name, digest);
    }

  private:
    port::KeyStore& keys_;
    int left_;
};

}  // namespace

TEST_CASE("append: a key that goes away leaves a whole record without codes, or none") {
    for (const int signatures : {0, 1, 2}) {
        CAPTURE(signatures);
        JournalWorld world;
        { const journal::Journal made = world.open(); }
        PulledKeyStore keys(world.keys, signatures);
        auto journal = journal::Journal::open(world.options(), {keys, world.random, world.clock});
        REQUIRE(journal.has_value());
        const auto done = journal->append(fakes::consent(7), journal::Slip::print);
        CHECK(done.has_value() == (signatures > 0));
        CHECK(journal->my_releases(fakes::pseudonym_of(7))->size() == (signatures > 0 ? 1U : 0U));
        if (!done) continue;
        CHECK(done->check_code.empty() == (signatures == 1));
        CHECK(done->take_back_code.empty() == (signatures == 1));
        CHECK(journal->next_batch(1).has_value());
    }
}

TEST_CASE("append: refuses what breaks the model and records nothing") {
    JournalWorld world;
    journal::Journal journal = world.open();
    model::Declaration bad = fakes::consent(7);
    bad.selection->recipients.clear();
    const auto refused = journal.append(bad, journal::Slip::print);
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == Errc::declaration_bad);
    CHECK(journal.status()->rows == 0);
    CHECK(journal.next_batch(50)->empty());
}

TEST_CASE("append: says how good its time was") {
    JournalWorld world;
    journal::Journal journal = world.open();
    CHECK(journal.append(fakes::consent(1), journal::Slip::none)->time.quality ==
          model::TimeQuality::unknown);
    const std::string set =
        world.receipt_for_batch(*journal.next_batch(50), world.clock.wall / 1'000 - 60);
    REQUIRE(journal.store_receipt(set).has_value());
    const auto with_wall = journal.append(fakes::consent(1), journal::Slip::none);
    CHECK(with_wall->time.quality == model::TimeQuality::wall);
    world.clock.wall -= 86'400'000;
    const auto wrong_wall = journal.append(fakes::consent(1), journal::Slip::none);
    CHECK(wrong_wall->time.quality == model::TimeQuality::floor);
    CHECK(wrong_wall->time.floor_ms >= with_wall->time.floor_ms);
}

TEST_CASE("append: the disk shows no name, no pseudonym and no purpose (I15)") {
    JournalWorld world;
    {
        journal::Journal journal = world.open();
        for (int i = 0; i < 5; ++i) {
            REQUIRE(journal.append(fakes::consent(0x51), journal::Slip::print).has_value());
        }
        for (const char* suffix : {"", "-wal"}) {
            const std::string text = file_text(world.options().path.string() + suffix);
            for (const char* canary : {"CANARY", "Ayşe", "QQQQQQQQ", "JBA-01", "jugendamt"}) {
                CHECK(text.find(canary) == std::string::npos);
            }
        }
    }
    CHECK(file_text(world.options().path).find("CANARY") == std::string::npos);
}

TEST_CASE("append: a random subject leaves no copy behind that nobody could open") {
    JournalWorld world;
    journal::Journal journal = world.open();
    model::Declaration on_site = fakes::consent(3);
    on_site.subject->kind = model::SubjectKind::random;
    on_site.assurance = {model::Method::eid_can_onsite, model::Level::substantiell, 12};
    REQUIRE(journal.append(on_site, journal::Slip::print).has_value());
    CHECK(journal.my_releases(fakes::pseudonym_of(3))->empty());
    CHECK(journal.status()->rows == 1);
}
