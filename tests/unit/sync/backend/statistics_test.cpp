// SPDX-License-Identifier: EUPL-1.2
// Published numbers: fixed months, k, rounding, and an attacker who knows everybody but one.
#include "sync/backend/authorities/statistics.hpp"

#include <map>

#include "drivers/base/limits_portal.hpp"
#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::is_problem;
using World = test::ServiceWorld;

namespace {

constexpr backend::Statement add_item{
    "INSERT INTO view_item (authority, leaf, declaration, entry, act_type, role, handle, match_key,"
    " from_date, to_date, log_index, received_ms, valid) VALUES ('amt-b', $1, $1, $2, $3, 2, $4,"
    " $4, '', '', 0, $5, 1)"};

std::uint64_t first_of(const char* day) {
    return backend::german_day_start_ms(*model::parse_date(day));
}
const std::uint64_t november = first_of("2026-11-01");
const std::uint64_t december = first_of("2026-12-01");
constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;

/// Writes a declaration of person `number` as the projector would.
void give(World& world, unsigned number, const std::string& entry, std::uint64_t at_ms,
          const char* act_type = "consent", unsigned again = 0) {
    base::Bytes handle(32, 0);
    handle[0] = static_cast<std::uint8_t>(number);
    handle[1] = static_cast<std::uint8_t>(number >> 8U);
    base::Bytes leaf(32, static_cast<std::uint8_t>(again));
    leaf[0] = handle[0];
    leaf[1] = handle[1];
    for (std::size_t i = 0; i < entry.size(); ++i)
        leaf[2 + i] = static_cast<std::uint8_t>(entry[i]);
    leaf[31] = static_cast<std::uint8_t>(*act_type);
    REQUIRE(world.store->run(add_item, {leaf, entry, act_type, handle, backend::column_of(at_ms)})
                .has_value());
}

/// month|measure|entry -> persons, as amt-b reads it at this moment.
std::map<std::string, std::uint64_t> table(World& world, std::uint64_t now_ms) {
    world.clock.now_ms = now_ms;
    std::map<std::string, std::uint64_t> out;
    const Json answer = world.json(world.get("amt-b", "/v1/statistics"));
    for (const Json& month : answer["months"]) {
        for (const Json& cell : month["cells"]) {
            out[month["month"].get<std::string>() + "|" + cell["measure"].get<std::string>() + "|" +
                cell["entry"].get<std::string>()] = cell["persons"];
        }
    }
    return out;
}

}  // namespace

TEST_CASE(
    "statistics: a number is nought below k, a multiple of the step, and never above the truth") {
    for (std::uint64_t offset = 0; offset < limits::statistics_step; ++offset) {
        std::map<std::uint64_t, unsigned> meanings;
        for (std::uint64_t persons = 0; persons < 200; ++persons) {
            const std::uint64_t shown = backend::published_persons(persons, offset);
            CHECK(shown % limits::statistics_step == 0);
            CHECK(shown <= persons);
            if (persons < limits::statistics_persons_min) CHECK(shown == 0);
            if (persons < 150) ++meanings[shown];
        }
        // Even who knows the offset learns no number of people better than to ten.
        for (const auto& [shown, numbers] : meanings) {
            if (shown < 140) CHECK(numbers >= limits::statistics_step);
        }
    }
}

TEST_CASE("statistics: a month appears when it is over and never changes after that") {
    World world;
    for (unsigned i = 0; i < 60; ++i) give(world, i, "JBA-03", november + i * 1'000);
    give(world, 99, "JBA-05", november);
    CHECK(table(world, december - 1).empty());
    CHECK_MESSAGE(table(world, december + day_ms - 1).empty(), "a day's grace");
    const auto published = table(world, december + day_ms);
    REQUIRE(published.size() == 1);
    CHECK(published.at("2026-11|given|JBA-03") >= 50);
    // What comes in later for that month, or vanishes from it, changes nothing.
    for (unsigned i = 100; i < 160; ++i) give(world, i, "JBA-03", november + 5);
    CHECK(table(world, december + 2 * day_ms) == published);
    static constexpr backend::Statement remove{"DELETE FROM view_item WHERE entry = 'JBA-03'"};
    REQUIRE(world.store->run(remove, {}).has_value());
    CHECK(table(world, december + 3 * day_ms) == published);
}

TEST_CASE("statistics: people are counted, not their declarations; measures stand apart") {
    World world;
    for (unsigned again = 0; again < 50; ++again) {
        give(world, 1, "JBA-03", november, "consent", again + 1);
    }
    for (unsigned i = 0; i < 40; ++i) give(world, i, "JBA-11", november, "objection");
    const auto published = table(world, december + day_ms);
    CHECK(published.size() == 1);
    CHECK(published.contains("2026-11|objection|JBA-11"));
}

TEST_CASE("statistics: whoever asks for access has given nothing, and is counted nowhere") {
    World world;
    for (unsigned i = 0; i < 60; ++i) give(world, i, "DSGVO-15", november, "notice");
    CHECK(table(world, december + day_ms).empty());
}

TEST_CASE("statistics: there is no parameter, no total, and nobody else's table") {
    World world;
    for (unsigned i = 0; i < 60; ++i) give(world, i, "JBA-03", november);
    const auto published = table(world, december + day_ms);
    REQUIRE(published.size() == 1);
    const std::string plain = world.get("amt-b", "/v1/statistics").body;
    for (const char* query : {"?month=2026-11", "?entry=JBA-03", "?from=2026-11-02"}) {
        CHECK(world.get("amt-b", std::string("/v1/statistics") + query).body == plain);
    }
    CHECK(plain.find("total") == std::string::npos);
    CHECK(world.json(world.get("amt-a", "/v1/statistics"))["months"].empty());
}

TEST_CASE(
    "statistics: who knows all but one person, and every table, cannot tell whether they came") {
    // Two worlds that differ by one person of many cells. The attacker knows how many others there
    // are, reads every table on every day, and looks for a difference. Where the steps lie is not
    // known to them, so a cell gives away at most one guess in ten: count how often they differ.
    constexpr unsigned cells = 100;
    World without;
    World with;
    unsigned person = 0;
    for (unsigned cell = 0; cell < cells; ++cell) {
        const std::string entry = "E" + std::to_string(cell);
        const unsigned others = cell % 50;  // also below k and at every distance from a step
        for (unsigned i = 0; i < others; ++i, ++person) {
            give(without, person, entry, november);
            give(with, person, entry, november);
        }
        give(with, 60'000 + cell, entry, november + 10 * day_ms);
    }
    for (std::uint64_t day = 0; day < 30; ++day) {
        CHECK_MESSAGE(table(without, november + day * day_ms).empty(), "no difference of two days");
        CHECK(table(with, november + day * day_ms).empty());
    }
    const auto left = table(without, december + day_ms);
    const auto right = table(with, december + day_ms);
    unsigned differ = 0;
    unsigned shown = 0;
    for (unsigned cell = 0; cell < cells; ++cell) {
        const std::string key = "2026-11|given|E" + std::to_string(cell);
        const std::uint64_t a = left.contains(key) ? left.at(key) : 0;
        const std::uint64_t b = right.contains(key) ? right.at(key) : 0;
        shown += b > 0 ? 1 : 0;
        differ += a != b ? 1 : 0;
        if (cell % 50 < limits::statistics_persons_min - 1) CHECK(b == 0);
    }
    CHECK(shown > cells / 2);
    // One in ten is expected; were the steps at known places, the attacker would aim at them.
    CHECK(differ > 0);
    CHECK(differ <= cells / 5);
    // The person leaves again, or comes a second time: the published month says nothing of it.
    static constexpr backend::Statement forget{"DELETE FROM view_item WHERE handle = $1"};
    base::Bytes handle(32, 0);
    handle[0] = static_cast<std::uint8_t>(60'000U & 0xFFU);
    handle[1] = static_cast<std::uint8_t>(60'000U >> 8U);
    REQUIRE(with.store->run(forget, {handle}).has_value());
    CHECK(table(with, december + 5 * day_ms) == right);
}
