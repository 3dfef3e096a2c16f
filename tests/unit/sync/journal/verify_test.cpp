// SPDX-License-Identifier: EUPL-1.2
// The evidence check.
#include "tests/fakes/closed_journal.hpp"
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <fstream>

#include "sync/journal/verify.hpp"

using base::Errc;
using fakes::JournalWorld;

namespace {

void fill(JournalWorld& world) {
    journal::Journal journal = world.open();
    for (int i = 0; i < 3; ++i) {
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    }
    REQUIRE(journal.store_receipt(world.receipt_for_batch(*journal.next_batch(2), 1'764'000'000))
                .has_value());
}

std::string file_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("verify: a whole file is reported and not changed") {
    JournalWorld world;
    fill(world);
    const std::string before = file_text(world.options().path);
    const auto report = journal::verify_file(world.options().path, world.journal_key);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->broken.has_value());
    CHECK(report->terminal == world.terminal);
    CHECK(report->rows == 3);
    CHECK(report->views == 3);
    CHECK(report->receipts == 2);
    REQUIRE(report->epochs.size() == 1);
    CHECK(report->epochs[0].rows == 3);
    CHECK(file_text(world.options().path) == before);
    CHECK(journal::verify_file(world.options().path, std::nullopt)->rows == 3);
}

TEST_CASE("verify: names the first place that does not fit") {
    JournalWorld world;
    fill(world);
    const char* what = "";
    std::uint64_t seq = 2;
    SUBCASE("a row gone") {
        fakes::sql(world,
                   "DELETE FROM view WHERE position=2; DELETE FROM receipt WHERE position=2;"
                   "DELETE FROM record WHERE position=2");
        what = "row_missing";
    }
    SUBCASE("a signature below the newest") {
        fakes::sql(world,
                   "UPDATE record SET head=substr(head,1,length(head)-20)||"
                   "'AAAAAAAAAAAAAAAAAAAA' WHERE position=2");
        what = "head_signature";
    }
    SUBCASE("ciphertext") {
        fakes::sql(world, "UPDATE record SET jwe='x' WHERE position=2");
        what = "jwe hash";
    }
    SUBCASE("a receipt that was moved to a row it does not name") {
        fakes::sql(world, "UPDATE receipt SET position=3 WHERE position=2");
        what = "receipt";
        seq = 3;
    }
    const auto report = journal::verify_file(world.options().path, std::nullopt);
    REQUIRE(report.has_value());
    REQUIRE(report->broken.has_value());
    CHECK(std::strcmp(report->broken->what, what) == 0);
    CHECK(report->broken->seq == seq);
}

TEST_CASE("verify: another key does not vouch for the file") {
    JournalWorld world;
    fill(world);
    const auto report = journal::verify_file(world.options().path, world.views.point);
    REQUIRE(report.has_value());
    REQUIRE(report->broken.has_value());
    CHECK(std::strcmp(report->broken->what, "head_signature") == 0);
}

TEST_CASE("verify: what cannot be examined is an error") {
    JournalWorld world;
    CHECK(journal::verify_file(world.options().path, std::nullopt).error().code == Errc::file_io);
    SUBCASE("no database") {
        std::ofstream(world.options().path) << std::string(5'000, 'x');
        CHECK(journal::verify_file(world.options().path, std::nullopt).error().code ==
              Errc::journal_open_failed);
    }
    SUBCASE("unknown schema") {
        fill(world);
        fakes::sql(world, "PRAGMA user_version=99");
        CHECK(journal::verify_file(world.options().path, std::nullopt).error().code ==
              Errc::journal_schema_unknown);
    }
}

TEST_CASE("verify: evidence that an earlier version wrote is examined all the same") {
    JournalWorld world;
    fill(world);
    fakes::sql(world,
               "DROP TABLE checkpoint; DROP TABLE log_conflict; DROP TABLE downstream; PRAGMA "
               "user_version=1");
    const auto report = journal::verify_file(world.options().path, std::nullopt);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->broken.has_value());
}
