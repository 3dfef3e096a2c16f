// SPDX-License-Identifier: EUPL-1.2
// A journal that vanished is not begun anew in silence; how long it still fits is forecast from how
// it grew; and what a stolen one tells is counted.
#include "tests/fakes/backend_log.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "sync/journal/made_mark.hpp"
#include "sync/journal/theft_report.hpp"

using base::Errc;
using fakes::JournalWorld;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;

void record(journal::Journal& journal, int count, std::uint8_t person = 7) {
    for (int i = 0; i < count; ++i) REQUIRE(journal.append(fakes::consent(person), {}).has_value());
}

}  // namespace

TEST_CASE("room: a journal that is gone, empty or cut off is refused, not begun anew") {
    JournalWorld world;
    const fs::path file = world.options().path;
    {
        journal::Journal journal = world.open();
        record(journal, 1);
    }
    REQUIRE(fs::exists(journal::made_mark_of(file)));
    bool cut = false;
    SUBCASE("gone") {
        fs::remove(file);
    }
    SUBCASE("empty") {
        std::ofstream(file, std::ios::trunc).close();
    }
    SUBCASE("one byte") {
        std::ofstream(file, std::ios::trunc) << 'x';
    }
    SUBCASE("half a page") {
        fs::resize_file(file, 2'048);
    }
    SUBCASE("pages of nothing") {
        cut = true;
        std::ofstream(file, std::ios::trunc) << std::string(8'192, '\0');
    }
    const auto opened = journal::Journal::open(world.options(), world.ports());
    REQUIRE_FALSE(opened.has_value());
    CHECK_FALSE(opened.error().code == Errc::journal_full);
    if (!cut) CHECK(opened.error().code == Errc::journal_open_failed);
    // Refusing changes nothing: with the mark taken away a technician lets it begin anew.
    fs::remove(file);
    fs::remove(file.string() + "-wal");
    fs::remove(journal::made_mark_of(file));
    CHECK(world.open().status()->rows == 0);
    CHECK(fs::exists(journal::made_mark_of(file)));
}

TEST_CASE("room: a file of an earlier version gets its mark at the next start") {
    JournalWorld world;
    {
        journal::Journal journal = world.open();
        record(journal, 1);
    }
    fs::remove(journal::made_mark_of(world.options().path));
    CHECK(world.open().status()->rows == 1);
    CHECK(fs::exists(journal::made_mark_of(world.options().path)));
}

TEST_CASE("room: the forecast follows from the growth of the last weeks") {
    JournalWorld world;
    journal::Options options = world.options();
    options.bytes_max = 8U << 20U;
    journal::Journal journal = world.open(options);
    record(journal, 1);
    CHECK_FALSE(journal.status()->days_until_full.has_value());  // watched for less than a day
    for (int day = 0; day < 3; ++day) {
        record(journal, 20);
        world.clock.wall += day_ms;
    }
    record(journal, 1);
    const auto status = journal.status();
    REQUIRE(status->days_until_full.has_value());
    const double a_day = static_cast<double>(status->used_bytes) / 3;
    const double days = static_cast<double>(status->left_bytes) / a_day;
    CHECK(*status->days_until_full > days * 0.6);
    CHECK(*status->days_until_full < days * 1.7);
    CHECK(status->left_bytes + status->used_bytes <= options.bytes_max);
    // A clock of the future leaves nothing behind once it is right again.
    world.clock.wall += 900 * day_ms;
    record(journal, 1);
    world.clock.wall -= 900 * day_ms;
    record(journal, 1);
    CHECK_FALSE(journal.status()->days_until_full.has_value());
}

TEST_CASE("room: a theft report counts, and names no content") {
    JournalWorld world;
    fakes::BackendLog log;
    {
        journal::Journal journal = world.open();
        record(journal, 2, 7);
        record(journal, 1, 8);
        fakes::settle(world, journal, log);
        REQUIRE(*journal.compact(32) == 3);
        world.clock.wall += 5 * day_ms;
        record(journal, 2, 8);
        REQUIRE(journal.append(fakes::withdrawal_of_all(7), {}).has_value());
    }
    const auto report = journal::theft_report(world.options().path);
    REQUIRE(report.has_value());
    CHECK(report->terminal == world.terminal);
    CHECK(report->records == 6);
    CHECK(report->sealed == 3);
    CHECK(report->unsent == 3);
    CHECK(report->copies == 6);
    CHECK(report->people == 2);
    CHECK(report->to_ms - report->from_ms == 5 * day_ms);
    CHECK(journal::theft_report(world.folder.path() / "none").error().code == Errc::file_io);
}
