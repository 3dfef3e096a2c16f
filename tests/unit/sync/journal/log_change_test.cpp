// SPDX-License-Identifier: EUPL-1.2
// A backend that came out of an old backup goes on with its log under the next name. A terminal
// follows only by the word of somebody who may say so: with nothing verified of the new log, and
// everything that the old one said kept. Its own word, however signed, brings a backend nothing.
#include "tests/fakes/backend_log.hpp"
#include "tests/fakes/closed_journal.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "sync/journal/verify.hpp"
#include "sync/model/batch.hpp"

using base::Errc;
using fakes::BackendLog;
using fakes::JournalWorld;
using journal::AlarmKind;

namespace {

constexpr std::uint64_t issued_s = 1'764'000'100;
constexpr const char* next_name = "urn:test:log2";

Errc refusal(const base::Result<void>& result) {
    return result ? Errc::cancelled : result.error().code;
}

/// Five acknowledged rows of which the first two are proven and compacted, in a log of 102; the
/// third is a withdrawal. Then the backend loses what came after a log of 101: two to five.
struct Terminal {
    JournalWorld world;
    BackendLog log;
    BackendLog restored{1};
    std::optional<journal::Journal> journal{world.open()};

    Terminal() {
        for (int i = 0; i < 2; ++i) append(fakes::consent(7));
        fakes::settle(world, *journal, log);
        REQUIRE(*journal->compact(8) == 2);
        append(fakes::withdrawal_of_all(7));
        for (int i = 0; i < 2; ++i) append(fakes::consent(7));
        take(*journal->next_batch(50));
        log.take_over(world);
        restored.branch_off(log, 101);
        // Somebody else's record comes into the restored log first.
        restored.grow(102);
        std::erase_if(world.log_places, [](const auto& each) { return each.second >= 101; });
        world.log_size = 102;
    }
    void append(const model::Declaration& act) { REQUIRE(journal->append(act, {}).has_value()); }
    void take(const std::string& body) {
        REQUIRE(journal->store_receipt(world.receipt_for_batch(body, issued_s)).has_value());
    }
    base::Result<void> show(const std::string& name) {
        const std::uint64_t from = *journal->log_size();
        return journal->store_checkpoint(restored.note(world, restored.size(), name),
                                         restored.proof(from, restored.size()));
    }
    std::uint64_t claim() {
        append(fakes::consent(9));
        const auto batch = model::parse_batch(*journal->next_batch(50));
        return model::parse_header(batch->records.back().header)->observed;
    }
    std::vector<AlarmKind> alarms() {
        std::vector<AlarmKind> kinds;
        const auto status = journal->status();
        for (const auto& alarm : status->alarms) kinds.push_back(alarm.kind);
        return kinds;
    }
    void reopen(const std::string& name = "") {
        journal.reset();
        auto options = world.options();
        options.log_name = name;
        journal.emplace(world.open(options));
    }
    /// The number that SQL gives on the closed file.
    std::int64_t ask(const char* sql) {
        journal.reset();
        const std::string first = fakes::sql(world, sql);
        journal.emplace(world.open());
        return first.empty() ? -1 : std::stoll(first);
    }
    /// Everything that the backend now has of us is proved in its new log.
    void settle_anew() {
        world.issuer = next_name;
        for (;;) {
            const std::string body = *journal->next_batch(50);
            if (body.empty()) break;
            take(body);
        }
        restored.take_over(world);
        REQUIRE(show(next_name).has_value());
        restored.prove_all(*journal);
    }
};

}  // namespace

TEST_CASE("log change: a later name begins at nothing verified, and what was is kept (I9, I12)") {
    Terminal t;
    REQUIRE(t.journal->hear_chains({{1, 2, ""}}).has_value());
    CHECK(t.alarms() == std::vector{AlarmKind::backend_set_back, AlarmKind::content_lost});
    const auto before = t.journal->status();
    CHECK(before->observed == 102);
    REQUIRE(t.journal->follow_log({next_name, {}}).has_value());
    CHECK(*t.journal->log_size() == 0);
    CHECK(t.journal->status()->observed == 0);
    CHECK(t.claim() == model::observed_claim(2, 0));
    // What the backup explains is settled; what is lost is still somebody's to look at.
    CHECK(t.alarms() == std::vector{AlarmKind::content_lost});
    CHECK(t.ask("SELECT count(*) FROM alarm_closed WHERE kind = 2 AND generation = 2") == 1);
    CHECK(
        t.ask("SELECT observed FROM log_given_up WHERE generation = 1 AND note LIKE 'urn:test%'") ==
        102);
    REQUIRE(t.show(next_name).has_value());
    CHECK(t.journal->status()->observed == 102);
    CHECK(t.claim() == model::observed_claim(2, 102));
    CHECK(t.journal->status()->rows == 7);
}

TEST_CASE("log change: the backend's own word brings it nothing, whatever it signs (I12)") {
    Terminal t;
    CHECK(refusal(t.show(next_name)) == Errc::receipt_bad);
    t.world.issuer = next_name;
    t.append(fakes::consent(7));
    const std::string body = *t.journal->next_batch(50);
    t.take(body);
    CHECK(t.journal->status()->unsent == 0);
    CHECK(*t.journal->log_size() == 102);
    CHECK(t.journal->unproven()->indexes.empty());
    CHECK(refusal(t.show(next_name)) == Errc::receipt_bad);
    // Lost rows that come back with another place are the proof against it, as before.
    REQUIRE(t.journal->hear_chains({{1, 3, ""}}).has_value());
    t.take(*t.journal->next_batch(1));
    const auto alarms = t.alarms();
    CHECK(std::ranges::count(alarms, AlarmKind::log_conflict) == 1);
    CHECK(*t.journal->compact(8) == 0);
    CHECK(t.ask("SELECT count(*) FROM receipt_given_up") == 0);
    CHECK(t.ask("SELECT count(*) FROM log_followed") == 0);
    // The next start does not follow either.
    CHECK(refusal(t.show(next_name)) == Errc::receipt_bad);
}

TEST_CASE(
    "log change: whole rows are offered again, withdrawals first, and then let go (I13, K4)") {
    Terminal t;
    REQUIRE(t.journal->follow_log({next_name, {}}).has_value());
    SUBCASE("at once") {}
    SUBCASE("after a start in between") {
        t.reopen();
    }
    CHECK(*t.journal->compact(8) == 0);
    const auto advance = model::parse_advance(*t.journal->next_advance());
    REQUIRE(advance.has_value());
    CHECK(advance->copies.size() == 1);
    const auto batch = model::parse_batch(*t.journal->next_batch(50));
    CHECK(batch->from == 3);
    CHECK(batch->to == 5);
    // The backend lacks the second, too, whose content went by the rules.
    REQUIRE(t.journal->hear_chains({{1, 2, ""}}).has_value());
    CHECK(t.alarms() == std::vector{AlarmKind::content_lost});
    CHECK(model::parse_batch(*t.journal->next_batch(50))->from == 2);
    t.settle_anew();
    CHECK(t.journal->status()->unproven == 0);
    CHECK(t.journal->next_batch(50)->empty());
    CHECK(*t.journal->compact(8) == 3);
    REQUIRE(t.journal->hear_chains({{1, 6, ""}}).has_value());
    CHECK(t.alarms() == std::vector{AlarmKind::content_lost});
    CHECK(t.ask("SELECT count(*) FROM receipt_given_up") == 4);
    t.journal.reset();
    const auto report = journal::verify_file(t.world.options().path, t.world.journal_key);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->broken.has_value());
    CHECK(report->compacted == 5);
}

TEST_CASE(
    "log change: what only the old log proved is kept whole until the new one proves it (I5)") {
    JournalWorld world;
    BackendLog log;
    journal::Journal journal = world.open();
    REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    fakes::settle(world, journal, log);
    CHECK(journal.status()->unproven == 0);
    REQUIRE(journal.follow_log({next_name, {}}).has_value());
    CHECK(*journal.compact(8) == 0);
    CHECK(journal.status()->whole == 1);
}

TEST_CASE("log change: a log that was given up does not come back") {
    Terminal t;
    t.append(fakes::consent(8));
    REQUIRE(t.journal->follow_log({next_name, {}}).has_value());
    CHECK(refusal(t.journal->follow_log({"urn:test", {}})) == Errc::config_bad);
    CHECK(refusal(t.journal->follow_log({"urn:other:log2", {}})) == Errc::config_bad);
    CHECK(refusal(t.journal->follow_log({"no name", {}})) == Errc::config_bad);
    CHECK(refusal(t.show("urn:test")) == Errc::receipt_bad);
    CHECK(refusal(t.show("urn:test:log3")) == Errc::receipt_bad);
    // A receipt of the old log, held back until now, acknowledges nothing.
    t.world.issuer = "urn:test";
    CHECK(refusal(t.journal->store_receipt(t.world.receipt_for_batch(
              *t.journal->next_batch(50), issued_s))) == Errc::receipt_bad);
    CHECK(t.journal->status()->unsent == 1);
    REQUIRE(t.journal->follow_log({next_name, {}}).has_value());  // nothing new
    REQUIRE(t.journal->follow_log({"urn:test:log3", {}}).has_value());
    CHECK(t.claim() == model::observed_claim(3, 0));
    CHECK(t.ask("SELECT count(*) FROM log_given_up") == 2);
}

TEST_CASE("log change: its keys come with it, and are changed under the same name") {
    Terminal t;
    const auto key = crypto::generate_key(crypto::Curve::p256, t.world.random);
    const auto next = crypto::generate_key(crypto::Curve::p256, t.world.random);
    const auto show = [&](const crypto::KeyPair& by) {
        const std::uint64_t size = t.restored.size();
        return t.journal->store_checkpoint(t.restored.sign(t.world, by, size, next_name),
                                           t.restored.proof(*t.journal->log_size(), size));
    };
    REQUIRE(t.journal->follow_log({next_name, {key.point}}).has_value());
    CHECK(refusal(show(t.world.receipt)) == Errc::receipt_bad);
    REQUIRE(show(key).has_value());
    REQUIRE(t.journal->follow_log({next_name, {next.point}}).has_value());
    CHECK(*t.journal->log_size() == 102);
    t.restored.grow(110);
    CHECK(refusal(show(key)) == Errc::receipt_bad);
    t.reopen();
    CHECK(show(next).has_value());
}

TEST_CASE("log change: a technician's word at start does the same, once") {
    Terminal t;
    t.reopen(next_name);
    CHECK(*t.journal->log_size() == 0);
    REQUIRE(t.show(next_name).has_value());
    t.reopen(next_name);
    CHECK(*t.journal->log_size() == 102);
    // An older word than what the file knows does not keep people from being served.
    t.reopen("urn:test");
    CHECK(*t.journal->log_size() == 102);
    CHECK(t.claim() == model::observed_claim(2, 102));
}

TEST_CASE("log change: what authorities said is fetched anew, and what they had said stays") {
    Terminal t;
    const auto grant = t.journal->append(fakes::consent(7), {});
    REQUIRE(grant.has_value());
    const auto say = [&](std::uint64_t n, receipts::AppliedState state) {
        const std::string set =
            t.world.sign({t.world.issuer, issued_s, "event-" + std::to_string(n), t.world.terminal,
                          receipts::Applied{grant->declaration, model::AuthorityId("jobcenter"),
                                            state, 1'764'000'000'000}});
        REQUIRE(t.journal->store_event(n, set).has_value());
    };
    say(4, receipts::AppliedState::acknowledged);
    REQUIRE(t.journal->follow_log({next_name, {}}).has_value());
    CHECK(*t.journal->event_cursor() == 0);
    const auto stage = [&] {
        return t.journal->my_releases(fakes::pseudonym_of(7))->front().parts.front().state;
    };
    CHECK(stage() == receipts::AppliedState::acknowledged);
    t.world.issuer = next_name;
    say(4, receipts::AppliedState::applied);
    CHECK(stage() == receipts::AppliedState::applied);
    REQUIRE(t.journal->follow_log({"urn:test:log3", {}}).has_value());
    CHECK(t.ask("SELECT count(DISTINCT n) FROM event WHERE n < 0") == 2);
    CHECK(stage() == receipts::AppliedState::applied);
}

TEST_CASE("log change: a terminal that has seen no log follows the first, whichever it is") {
    JournalWorld world;
    BackendLog log;
    log.grow(5);
    journal::Journal journal = world.open();
    REQUIRE(
        journal.store_checkpoint(log.note(world, 5, "urn:test:log4"), log.proof(0, 5)).has_value());
    CHECK(journal.status()->observed == 5);
    CHECK(refusal(journal.store_checkpoint(log.note(world, 5), {})) == Errc::receipt_bad);
    CHECK(refusal(journal.follow_log({"urn:test:log3", {}})) == Errc::config_bad);
}
