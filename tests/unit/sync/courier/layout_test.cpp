// SPDX-License-Identifier: EUPL-1.2
// Names on a stick: ours, and the many that look like ours.
#include "sync/courier/layout.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits_courier.hpp"

using courier::Direction;
using courier::FileKind;
using courier::FileName;

TEST_CASE("courier layout: every name is read back as what wrote it") {
    for (const FileKind kind : {FileKind::advance, FileKind::batch, FileKind::advance_receipts,
                                FileKind::batch_receipts, FileKind::events}) {
        for (const std::uint32_t number : {1U, 9U, 10U, 511U, 512U}) {
            const FileName name{kind, number};
            CHECK(courier::parse_file_name(courier::to_text(name)) == name);
        }
    }
    CHECK(courier::to_text({FileKind::batch, 7}) == "batch-0007.json");
    CHECK(courier::to_text({FileKind::advance_receipts, 12}) == "advance-0012-receipts.json");
    CHECK(courier::parse_file_name("growth.json") == FileName{FileKind::growth, 1});
}

TEST_CASE("courier layout: what only looks like one of our names is none") {
    for (const std::string name : {"",
                                   "batch-0000.json",
                                   "batch-0513.json",
                                   "batch-9999.json",
                                   "batch-00001.json",
                                   "batch-001.json",
                                   "batch-+001.json",
                                   "batch- 001.json",
                                   "BATCH-0001.json",
                                   "Batch-0001.json",
                                   "batch-0001.JSON",
                                   "batch-0001.json ",
                                   " batch-0001.json",
                                   "batch-0001.json.",
                                   "./batch-0001.json",
                                   "../batch-0001.json",
                                   "batch-0001.json/",
                                   "out/batch-0001.json",
                                   "batch-0001.json\n",
                                   "batch-0001-receipts.json.tmp",
                                   "batch-0001.json.tmp",
                                   "growth-0001.json",
                                   "GROWTH.JSON",
                                   "manifest.jws",
                                   ".",
                                   "..",
                                   "b\xC3\xA4tch-0001.json",
                                   "batch-\xEF\xBC\x90\xEF\xBC\x90\xEF\xBC\x90\xEF\xBC\x91.json",
                                   "batch\xE2\x80\x90"
                                   "0001.json"}) {
        CAPTURE(name);
        CHECK_FALSE(courier::parse_file_name(name).has_value());
    }
    CHECK_FALSE(courier::parse_file_name(std::string_view("batch-0001.json\0", 16)).has_value());
    CHECK_FALSE(courier::parse_file_name(std::string(100'000, 'a')).has_value());
}

TEST_CASE("courier layout: a file has one direction, and withdrawals come first") {
    CHECK(courier::belongs(FileKind::advance, Direction::out));
    CHECK(courier::belongs(FileKind::batch, Direction::out));
    CHECK_FALSE(courier::belongs(FileKind::batch, Direction::in));
    CHECK_FALSE(courier::belongs(FileKind::events, Direction::out));
    CHECK(courier::belongs(FileKind::growth, Direction::in));
    CHECK(FileName{FileKind::advance, 500} < FileName{FileKind::batch, 1});
    CHECK(FileName{FileKind::batch, 1} < FileName{FileKind::batch, 2});
}

TEST_CASE("courier layout: folders bear the terminal's id as it is written everywhere") {
    const auto terminal = base::parse_uuid("0190A0B0-0000-7000-8000-00000000ABCD");
    REQUIRE(terminal);
    CHECK(courier::folder_of(Direction::out, *terminal) ==
          "freigabe/out/0190a0b0-0000-7000-8000-00000000abcd");
    CHECK(courier::folder_of(Direction::in) == "freigabe/in");
}
