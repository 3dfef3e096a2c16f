// SPDX-License-Identifier: EUPL-1.2
// The citizen's own copies: deletable alone, by wish or by age on a moved clock; chain, receipts
// and the effect of what was declared stay whole (K4, LR-59).
#include "tests/fakes/backend_log.hpp"
#include "tests/fakes/closed_journal.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <optional>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits_journal.hpp"
#include "sync/journal/verify.hpp"

using fakes::BackendLog;
using fakes::JournalWorld;

namespace {

constexpr std::uint64_t day_s = 24ULL * 3'600;
constexpr std::uint64_t begin_s = 1'764'000'100;

std::vector<base::Uuid> own(journal::Journal& journal, std::uint8_t person) {
    std::vector<base::Uuid> out;
    const auto releases = journal.my_releases(fakes::pseudonym_of(person));
    REQUIRE(releases.has_value());
    for (const auto& each : *releases) out.push_back(each.declaration.id);
    return out;
}

void say_applied(JournalWorld& world, journal::Journal& journal, std::uint64_t n,
                 const base::Uuid& declaration) {
    const std::string set =
        world.sign({world.issuer, begin_s, "event-" + std::to_string(n), world.terminal,
                    receipts::Applied{declaration, model::AuthorityId("jobcenter"),
                                      receipts::AppliedState::applied, begin_s * 1'000}});
    REQUIRE(journal.store_event(n, set).has_value());
}

bool whole(const JournalWorld& world, std::uint64_t views) {
    const auto report = journal::verify_file(world.options().path, world.journal_key);
    REQUIRE(report.has_value());
    CHECK(report->views == views);
    return !report->broken;
}

std::string file_bytes(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE(
    "own copies: one goes by its holder's wish, and chain, receipts and effects stay (LR-59)") {
    JournalWorld world;
    BackendLog log;
    std::uint64_t rows = 0;
    {
        journal::Journal journal = world.open();
        const auto grant = journal.append(fakes::consent(7), journal::Slip::none);
        const auto other = journal.append(fakes::consent(7), journal::Slip::none);
        const auto theirs = journal.append(fakes::consent(8), journal::Slip::none);
        const auto back = journal.append(fakes::withdrawal_of(7, other->declaration), {});
        REQUIRE(back.has_value());
        say_applied(world, journal, 1, grant->declaration);
        say_applied(world, journal, 2, other->declaration);
        fakes::settle(world, journal, log);
        const auto before = journal.status();
        // Not somebody else's, not an unknown one.
        CHECK_FALSE(*journal.forget_copy(fakes::pseudonym_of(8), grant->declaration));
        CHECK_FALSE(*journal.forget_copy(fakes::pseudonym_of(7), theirs->declaration));
        CHECK(*journal.forget_copy(fakes::pseudonym_of(7), grant->declaration));
        CHECK_FALSE(*journal.forget_copy(fakes::pseudonym_of(7), grant->declaration));
        CHECK(own(journal, 7) == std::vector{back->declaration, other->declaration});
        CHECK(own(journal, 8) == std::vector{theirs->declaration});
        // The copy of the withdrawal goes, too: what it ended stays ended.
        CHECK(*journal.forget_copy(fakes::pseudonym_of(7), back->declaration));
        const auto left = journal.my_releases(fakes::pseudonym_of(7));
        REQUIRE(left->size() == 1);
        CHECK_FALSE(left->front().alive());
        CHECK(left->front().acknowledged);
        CHECK(left->front().parts.front().state == receipts::AppliedState::applied);
        const auto after = journal.status();
        CHECK(after->rows == before->rows);
        CHECK(after->unsent == 0);
        CHECK(after->unproven == 0);
        CHECK(*journal.event_cursor() == 2);
        rows = after->rows;
    }
    CHECK(rows == 4);
    CHECK(whole(world, 2));
    CHECK(own(*std::make_unique<journal::Journal>(world.open()), 7).size() == 1);
}

TEST_CASE("own copies: of a deleted one no byte stays in the file or beside it") {
    JournalWorld world;
    std::optional<journal::Journal> journal(world.open());
    const auto grant = journal->append(fakes::consent(7), journal::Slip::none);
    REQUIRE(grant.has_value());
    journal.reset();
    const std::string path = world.options().path;
    // 32 bytes out of the middle of the sealed copy.
    const auto bytes =
        base::from_hex(fakes::sql(world, "SELECT hex(substr(sealed, 100, 32)) FROM view"));
    REQUIRE(bytes->size() == 32);
    const std::string sealed(bytes->begin(), bytes->end());
    const auto on_disk = [&] {
        return (file_bytes(path) + file_bytes(path + "-wal")).find(sealed);
    };
    journal.emplace(world.open());
    CHECK(on_disk() != std::string::npos);
    REQUIRE(*journal->forget_copy(fakes::pseudonym_of(7), grant->declaration));
    CHECK(on_disk() == std::string::npos);
}

TEST_CASE("own copies: each goes when its period is over by signed time, and not before (K4)") {
    JournalWorld world;
    BackendLog log;
    const std::uint64_t period_s = limits::own_copy_days_max * day_s;
    {
        journal::Journal journal = world.open();
        const auto first = journal.append(fakes::consent(7), journal::Slip::none);
        say_applied(world, journal, 1, first->declaration);
        fakes::settle(world, journal, log, begin_s);
        // A wall clock far ahead deletes nothing: only signed time does.
        world.clock.wall += 10 * period_s * 1'000;
        CHECK(*journal.forget_old_copies(8) == 0);
        world.clock.wall = begin_s * 1'000;
        const auto say_time = [&](std::uint64_t now_s) {
            REQUIRE(journal.append(fakes::consent(9), journal::Slip::none).has_value());
            fakes::settle(world, journal, log, now_s);
        };
        say_time(begin_s + 100 * day_s);
        say_time(begin_s + period_s - day_s);
        CHECK(*journal.forget_old_copies(8) == 0);
        CHECK(own(journal, 7).size() == 1);
        say_time(begin_s + period_s + day_s);
        CHECK(*journal.forget_old_copies(8) == 2);  // the one recorded at first contact, too
        CHECK(*journal.forget_old_copies(8) == 0);
        CHECK(own(journal, 7).empty());
        CHECK(own(journal, 9).size() == 2);
        // In steps.
        say_time(begin_s + 2 * period_s);
        CHECK(*journal.forget_old_copies(1) == 1);
        CHECK(*journal.forget_old_copies(1) == 1);
        CHECK(*journal.forget_old_copies(1) == 0);
        CHECK(own(journal, 9).size() == 1);
    }
    CHECK(whole(world, 1));
}
