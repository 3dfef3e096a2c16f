// SPDX-License-Identifier: EUPL-1.2
// The spool over restarts, and with the leftovers a power cut can leave.
#include "sync/syncd/spool.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <vector>

#include "drivers/base/limits.hpp"
#include "tests/unit/sync/syncd/folder.hpp"

using syncd::Lane;
using syncd::Spool;

namespace {

Spool open(const test::Folder& folder) {
    auto spool = Spool::open(folder.at("spool"));
    REQUIRE(spool);
    return std::move(*spool);
}

}  // namespace

TEST_CASE("spool: bodies, receipts and the time floor are there after a restart") {
    test::Folder folder;
    {
        Spool spool = open(folder);
        CHECK(spool.body(Lane::batch).value().empty());
        CHECK(spool.time_floor_ms() == 0);
        REQUIRE(spool.keep_body(Lane::batch, "b1"));
        REQUIRE(spool.keep_body(Lane::batch, "b2"));
        REQUIRE(spool.keep_body(Lane::advance, std::string("a\0", 2)));
        for (int i = 0; i < 12; ++i) REQUIRE(spool.keep_receipt("r" + std::to_string(i)));
        REQUIRE(spool.raise_time_floor(1'000));
        REQUIRE(spool.raise_time_floor(999));
    }
    struct stat status {};
    REQUIRE(::stat(folder.at("spool").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0700);
    Spool spool = open(folder);
    CHECK(spool.body(Lane::batch).value() == "b2");
    CHECK(spool.body(Lane::advance).value() == std::string("a\0", 2));
    CHECK(spool.time_floor_ms() == 1'000);
    REQUIRE(spool.receipts().size() == 12);
    for (std::size_t i = 0; i < 12; ++i)  // oldest first, and ten comes after nine
        CHECK(spool.receipt(spool.receipts()[i]).value() == "r" + std::to_string(i));
    REQUIRE(spool.drop_body(Lane::batch));
    REQUIRE(spool.drop_body(Lane::batch));  // twice is no error
    CHECK(spool.body(Lane::batch).value().empty());
    const std::uint64_t first = spool.receipts().front();
    REQUIRE(spool.drop_receipt(first));
    CHECK(spool.receipts().size() == 11);
    REQUIRE(spool.keep_receipt("new"));
    Spool again = open(folder);
    CHECK(again.receipt(again.receipts().back()).value() == "new");
}

TEST_CASE("spool: leftovers of a power cut and of strangers do no harm") {
    test::Folder folder;
    (void)open(folder);  // makes the folder
    folder.write("spool/batch.body.tmp", "half");
    folder.write("spool/receipt-.set", "x");
    folder.write("spool/receipt-x.set", "x");
    folder.write("spool/receipt-5.set.old", "x");
    folder.write("spool/time_floor", "soon");
    folder.write("spool/advance.body", std::string(limits::batch_bytes_max + 1, 'x'));
    Spool spool = open(folder);
    CHECK(spool.receipts().empty());
    CHECK(spool.time_floor_ms() == 0);
    CHECK(spool.body(Lane::batch).value().empty());
    CHECK(spool.body(Lane::advance).value().empty());  // beyond its bound: dropped
    CHECK_FALSE(std::filesystem::exists(folder.at("spool/batch.body.tmp")));
    CHECK_FALSE(std::filesystem::exists(folder.at("spool/advance.body")));
}

TEST_CASE("spool: the number of waiting receipts is bounded") {
    test::Folder folder;
    Spool spool = open(folder);
    CHECK(spool.has_room(limits::spool_files_max));
    CHECK_FALSE(spool.has_room(limits::spool_files_max + 1));
    REQUIRE(spool.keep_receipt("r"));
    CHECK(spool.has_room(limits::spool_files_max - 1));
    CHECK_FALSE(spool.has_room(limits::spool_files_max));
}

TEST_CASE("spool: a folder that cannot be made is an error, not a crash") {
    test::Folder folder;
    folder.write("file", "");
    CHECK(Spool::open(folder.at("file")).error().code == base::Errc::file_io);
    CHECK(Spool::open(folder.at("none/spool")).error().code == base::Errc::file_io);
}
