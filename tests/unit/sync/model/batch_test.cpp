// SPDX-License-Identifier: EUPL-1.2
// The bodies that travel.
#include "sync/model/batch.hpp"

#include <doctest/doctest.h>

#include "drivers/base/limits.hpp"

namespace {

model::Batch batch(std::size_t records) {
    model::Batch out;
    out.terminal = base::Uuid({1});
    out.epoch = 2;
    out.from = 5;
    out.to = 5 + records - 1;
    out.head = "a.b.c";
    out.records.assign(records, {base::Bytes(model::header_bytes, 1), base::Bytes(83, 2), "j.w.e"});
    return out;
}

}  // namespace

TEST_CASE("batch: written in one order and read back") {
    CHECK(model::encode(batch(1)).starts_with(
        R"({"terminal":"01000000-0000-0000-0000-000000000000","epoch":2,"from":5,"to":5,)"
        R"("head":"a.b.c","records":[{"header":"AQEB)"));
    for (const std::size_t records : {std::size_t{1}, limits::batch_records_max}) {
        CHECK(*model::parse_batch(model::encode(batch(records))) == batch(records));
    }
}

TEST_CASE("batch: numbers and bounds must agree") {
    const auto refused = [](auto change) {
        model::Batch b = batch(2);
        change(b);
        return !model::parse_batch(model::encode(b)).has_value();
    };
    CHECK(refused([](auto& b) { b.records.pop_back(); }));
    CHECK(refused([](auto& b) { b.records.clear(); }));
    CHECK(refused([](auto& b) { b.from = 0, b.to = 1; }));
    CHECK(refused([](auto& b) { b.epoch = 0; }));
    CHECK(refused([](auto& b) { b.to = b.from - 1; }));
    CHECK(refused([](auto& b) { b = batch(limits::batch_records_max + 1); }));
    CHECK(refused([](auto& b) { b.records[0].header.push_back(1); }));
    CHECK(refused([](auto& b) { b.records[0].jwe.assign(limits::sealed_bytes_max + 1, 'a'); }));
    CHECK(refused([](auto& b) { b.head.clear(); }));
    // One bad record must not hide the others: its bytes are not looked into here (I7).
    CHECK_FALSE(refused([](auto& b) { b.records[0].header.assign(3, 0xFF); }));
    CHECK_FALSE(model::parse_batch("{}").has_value());
    CHECK_FALSE(model::parse_batch("[]").has_value());
}

TEST_CASE("advance: both ways and bounds") {
    model::Advance advance;
    advance.terminal = base::Uuid({1});
    CHECK_FALSE(model::parse_advance(model::encode(advance)).has_value());
    advance.copies.assign(limits::batch_records_max, {"a.b.c", batch(1).records[0]});
    CHECK(*model::parse_advance(model::encode(advance)) == advance);
    advance.copies.push_back(advance.copies[0]);
    CHECK_FALSE(model::parse_advance(model::encode(advance)).has_value());
}
