// SPDX-License-Identifier: EUPL-1.2
// Deltas of sorted lists: the identical file, a fraction of its size, nothing out of bounds.
#include "sync/downstream/delta.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using base::Bytes;
using base::Errc;

namespace {

constexpr downstream::ListShape shape{4, 8, 2};

Bytes list(std::vector<std::uint64_t> entries, std::uint8_t mark) {
    std::ranges::sort(entries);
    Bytes out(4, mark);
    for (const std::uint64_t each : entries) base::append_u64(out, each);
    out.insert(out.end(), 2, mark);
    return out;
}

Bytes delta_of(const Bytes& from, const Bytes& to) {
    auto made = downstream::make_delta(from, to, shape);
    REQUIRE(made.has_value());
    return std::move(*made);
}

bool leads_to(const Bytes& from, const Bytes& delta, const Bytes& to) {
    const auto made = downstream::apply_delta(from, delta, to.size());
    return made && *made == to;
}

}  // namespace

TEST_CASE("delta: rows of a table, there and back") {
    struct Row {
        std::vector<std::uint64_t> from;
        std::vector<std::uint64_t> to;
    };
    const Row rows[] = {{{}, {}},
                        {{}, {1}},
                        {{1}, {}},
                        {{1, 2, 3}, {1, 2, 3}},
                        {{1, 2, 3}, {0, 1, 2, 3}},
                        {{1, 2, 3}, {1, 2, 3, 4}},
                        {{1, 3, 5}, {2, 4, 6}},
                        {{1, 2, 3, 4, 5}, {1, 5}},
                        {{5}, {1, 2, 3, 4, 5, 6, 7}}};
    for (const Row& row : rows) {
        const Bytes from = list(row.from, 1);
        const Bytes to = list(row.to, 2);
        CHECK(leads_to(from, delta_of(from, to), to));
        CHECK(leads_to(to, delta_of(to, from), from));
    }
}

TEST_CASE("delta: a thousand changes in lists of chance") {
    std::mt19937_64 chance(1);
    for (int round = 0; round < 50; ++round) {
        std::vector<std::uint64_t> from(chance() % 200);
        for (auto& each : from) each = chance() % 1'000;
        std::vector<std::uint64_t> to;
        std::ranges::copy_if(from, std::back_inserter(to), [&](auto) { return chance() % 4 != 0; });
        for (std::uint64_t i = chance() % 50; i > 0; --i) to.push_back(chance() % 1'000);
        const Bytes old_list = list(from, 1);
        const Bytes new_list = list(to, 2);
        CHECK(leads_to(old_list, delta_of(old_list, new_list), new_list));
    }
}

TEST_CASE("delta: any cut, any other length and any other start is refused or gives other bytes") {
    const Bytes from = list({1, 2, 3, 4, 5, 6}, 1);
    const Bytes to = list({1, 3, 4, 5, 6, 7}, 2);
    const Bytes delta = delta_of(from, to);
    for (std::size_t cut = 0; cut < delta.size(); ++cut) {
        const auto made =
            downstream::apply_delta(from, base::ByteView(delta).first(cut), to.size());
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == Errc::manifest_bad);
    }
    Bytes longer = delta;
    longer.push_back(0);
    CHECK_FALSE(downstream::apply_delta(from, longer, to.size()).has_value());
    CHECK_FALSE(downstream::apply_delta(from, delta, to.size() - 1).has_value());
    CHECK_FALSE(downstream::apply_delta(from, delta, to.size() + 1).has_value());
    CHECK_FALSE(downstream::apply_delta(Bytes(), delta, to.size()).has_value());
}

TEST_CASE("delta: numbers that would reach beyond the file are refused") {
    Bytes head;
    base::append(head, base::as_bytes("FRGDELTA"));
    base::append_u64(head, 4);
    const Bytes from(4, 7);
    const auto applies = [&](std::initializer_list<std::uint8_t> steps) {
        Bytes delta = head;
        delta.insert(delta.end(), steps);
        return downstream::apply_delta(from, delta, 4).has_value();
    };
    CHECK(applies({4, 0, 0}));
    CHECK(applies({0, 0, 4, 1, 2, 3, 4}));
    CHECK(applies({1, 2, 3, 1, 2, 3}));
    CHECK_FALSE(applies({5, 0, 0}));              // beyond the old file
    CHECK_FALSE(applies({3, 2, 1, 9}));           // skip beyond it
    CHECK_FALSE(applies({0, 0, 5, 1, 2, 3, 4}));  // more than is there
    CHECK_FALSE(applies({4, 0, 0, 0, 0, 0}));     // a step that does nothing
    CHECK_FALSE(applies({0x84, 0, 0, 0}));        // not as short as can be
    CHECK_FALSE(applies({4, 0, 1, 1}));           // longer than said
    CHECK_FALSE(applies({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0, 0}));
}

TEST_CASE("delta: a file of another shape has none") {
    CHECK_FALSE(downstream::make_delta(Bytes(5), Bytes(6), shape).has_value());
    CHECK_FALSE(downstream::make_delta(Bytes(6), Bytes(15), shape).has_value());
    CHECK(downstream::make_delta(Bytes(6), Bytes(14), shape).has_value());
}
