// SPDX-License-Identifier: EUPL-1.2
// The space that is kept for withdrawals.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "sync/journal/reserve.hpp"

using base::Errc;
using fakes::JournalWorld;

TEST_CASE("reserve: set aside, given away, set aside again") {
    fakes::TempFolder folder;
    const auto path = folder.path() / "reserve";
    journal::Reserve reserve(path, 65'536);
    CHECK_FALSE(reserve.whole());
    CHECK(reserve.set_aside());
    CHECK(std::filesystem::file_size(path) == 65'536);
    reserve.give_away();
    CHECK_FALSE(reserve.whole());
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(reserve.set_aside());
    journal::Reserve nowhere(folder.path() / "missing" / "reserve", 65'536);
    CHECK_FALSE(nowhere.set_aside());
    journal::Reserve none(path, 0);
    CHECK(none.whole());
}

TEST_CASE("reserve: a full journal refuses grants and still takes withdrawals") {
    JournalWorld world;
    journal::Options options = world.options();
    options.bytes_max = 256U << 10U;
    journal::Journal journal = world.open(options);
    int grants = 0;
    for (;;) {
        const auto done = journal.append(fakes::consent(7), journal::Slip::none);
        if (!done) {
            CHECK(done.error().code == Errc::journal_full);
            break;
        }
        ++grants;
        REQUIRE(grants < 1'000);
    }
    CHECK(grants > 10);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(journal.append(fakes::withdrawal_of_all(7), journal::Slip::none).has_value());
    }
    CHECK(journal.append(fakes::consent(7), journal::Slip::none).error().code ==
          Errc::journal_full);
    // Receipts go through as well, or nothing could ever be deleted again.
    REQUIRE(journal.store_receipt(world.receipt_for_batch(*journal.next_batch(50), 1'764'000'000))
                .has_value());
    CHECK(journal.status()->rows == static_cast<std::uint64_t>(grants) + 100);
}

TEST_CASE("reserve: without it grants are refused, withdrawals are not") {
    JournalWorld world;
    // A folder that is not empty stands in its place: like a disk without a free block.
    const std::filesystem::path path = world.options().path.string() + "-reserve";
    std::filesystem::create_directories(path / "obstacle");
    journal::Journal journal = world.open();
    CHECK_FALSE(journal.status()->grants_possible);
    CHECK(journal.append(fakes::consent(7), journal::Slip::none).error().code ==
          Errc::journal_full);
    CHECK(journal.append(fakes::withdrawal_of_all(7), journal::Slip::none).has_value());
    // As soon as there is room again, everything goes on by itself.
    std::filesystem::remove_all(path);
    CHECK(journal.append(fakes::consent(7), journal::Slip::none).has_value());
    CHECK(journal.status()->grants_possible);
}
