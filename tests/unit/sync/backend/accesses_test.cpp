// SPDX-License-Identifier: EUPL-1.2
// Reports of accesses: what a grant covers, what it does not, and that both are kept once.

#include <algorithm>

#include "sync/model/times.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using World = test::ServiceWorld;

namespace {

constexpr std::uint64_t hour_ms = 3'600'000;

struct Report {
    std::uint8_t id = 1;
    std::string what{};  ///< "declaration":.. or "file_number":..,"entry":..
    std::uint64_t at_ms = test::start_ms + hour_ms;
    std::string categories = R"(["C07"])";
    std::string more{};
};
std::string text_of(const Report& report) {
    return R"({"id":")" + base::to_text(test::uuid(report.id)) + "\"," + report.what +
           R"(,"categories":)" + report.categories +
           R"(,"purpose":"appointment","system":"case-file","at":")" +
           model::to_rfc3339(report.at_ms) + "\"" + report.more + "}";
}
std::string by_id(const base::Uuid& id) {
    return R"("declaration":")" + base::to_text(id) + "\"";
}
const std::string by_file = R"("file_number":"4711","entry":"JBA-03")";

/// Anna's release from amt-a to amt-b, matched to a file at both, an hour ago or two.
struct Given : World {
    Given() : id(story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30)) {
        REQUIRE(send(1, 1).status == 200);
        for (const char* authority : {"amt-a", "amt-b"}) {
            REQUIRE(get(authority, "/v1/inbox").status == 200);
            REQUIRE(post(authority, assign_path(id), R"({"file_number":"4711"})").status == 200);
        }
        clock.now_ms += 2 * hour_ms;
    }
    http::Response say(const char* authority, const Report& report) {
        return post(authority, "/v1/accesses", text_of(report));
    }
    Json uncovered() { return json(ask("auditor", "dsb", http::Method::get, "/v1/uncovered")); }
    const base::Uuid id;
};

}  // namespace

TEST_CASE("accesses: one under a living release is covered, by its id or by file and entry") {
    Given world;
    for (const std::string& what : {by_id(world.id), by_file}) {
        const auto id = static_cast<std::uint8_t>(what == by_file ? 1 : 2);
        const auto answer = world.json(world.say("amt-b", {.id = id, .what = what}));
        CHECK(answer["coverage"] == "covered");
    }
    CHECK(
        world.say("amt-a", {.id = 3, .what = by_file, .more = R"(,"recipient":"amt-b")"}).status ==
        200);
    CHECK(world.uncovered()["total"] == 0);
}

TEST_CASE("accesses: what no release covers is refused, kept, and shown to the auditor") {
    struct Row {
        const char* why;
        const char* authority;
        Report report;
    };
    Given world;
    const Row rows[] = {
        {"another entry", "amt-b", {.what = R"("file_number":"4711","entry":"JBA-01")"}},
        {"a category that was not released",
         "amt-b",
         {.what = by_file, .categories = R"(["C07","C11"])"}},
        {"before it was given", "amt-b", {.what = by_file, .at_ms = test::start_ms - 1}},
        {"a source does not use what it may tell", "amt-a", {.what = by_file}},
        {"told to somebody who was not named",
         "amt-a",
         {.what = by_file, .more = R"(,"recipient":"amt-c")"}},
        {"a recipient is no source", "amt-b", {.what = by_file, .more = R"(,"recipient":"amt-b")"}},
    };
    std::uint8_t id = 10;
    for (const Row& row : rows) {
        CAPTURE(row.why);
        Report report = row.report;
        report.id = ++id;
        const auto refused = world.say(row.authority, report);
        CHECK(is_problem(refused, 409));
        CHECK(refused.body.find("no-grant") != std::string::npos);
        const Json list = world.uncovered();
        CHECK(list["total"] == id - 10);
        CHECK(std::ranges::any_of(list["accesses"], [&](const Json& access) {
            return access["id"] == base::to_text(test::uuid(id)) &&
                   access["authority"] == row.authority && access["coverage"] == "none";
        }));
        CHECK(list.dump().find("4711") == std::string::npos);
    }
}

TEST_CASE("accesses: taken back: before it is covered, after it not, and in between it is late") {
    Given world;
    world.clock.now_ms = test::start_ms;
    // The citizen takes it back at three o'clock; the backend hears of it at six.
    const std::uint64_t taken_back_ms = test::start_ms + 3 * hour_ms;
    // The test's terminal adds its number of records to the moment.
    test::Story later{{world.terminal, world.views_key.point, world.random, taken_back_ms - 1}};
    later.take_back(anna, world.id);
    const std::uint64_t told_ms = test::start_ms + 6 * hour_ms;
    world.clock.now_ms = told_ms;
    REQUIRE(world.send(2, 2).status == 200);
    REQUIRE(world.get("amt-b", "/v1/changes").status == 200);
    world.clock.now_ms = told_ms + 5 * hour_ms;
    const auto coverage = [&](std::uint8_t id, std::uint64_t at_ms) {
        const auto answer = world.say("amt-b", {.id = id, .what = by_file, .at_ms = at_ms});
        return answer.status == 409 ? "none" : world.json(answer)["coverage"].get<std::string>();
    };
    CHECK(coverage(1, taken_back_ms - 1) == "covered");
    CHECK(coverage(2, taken_back_ms) == "late");
    CHECK(coverage(3, told_ms - 1) == "late");
    CHECK(coverage(4, told_ms) == "none");
    CHECK(world.uncovered()["total"] == 3);
}

TEST_CASE("accesses: the same report again changes nothing, another one under its id is refused") {
    Given world;
    const Report good{.id = 1, .what = by_file};
    const Report bad{.id = 2, .what = R"("file_number":"4711","entry":"JBA-01")"};
    for (int i = 0; i < 2; ++i) {
        CHECK(world.say("amt-b", good).status == 200);
        CHECK(is_problem(world.say("amt-b", bad), 409));
    }
    // Even when the release has ended since: it was so then.
    world.story.take_back(anna, world.id);
    REQUIRE(world.send(2, 2).status == 200);
    CHECK(world.say("amt-b", good).status == 200);
    Report other = good;
    other.at_ms += 1;
    const auto refused = world.say("amt-b", other);
    CHECK(is_problem(refused, 409));
    CHECK(refused.body.find("id-taken") != std::string::npos);
    CHECK(world.uncovered()["total"] == 1);
}

TEST_CASE("accesses: another authority's declaration or file is answered like an unknown one") {
    Given world;
    const std::string unknown = by_id(test::uuid(99));
    const auto foreign = world.say("amt-c", {.id = 1, .what = by_id(world.id)});
    CHECK(is_problem(foreign, 404));
    CHECK(foreign.body == world.say("amt-c", {.id = 2, .what = unknown}).body);
    CHECK(is_problem(world.say("amt-c", {.id = 3, .what = by_file}), 404));
    CHECK(world.uncovered()["total"] == 0);
}

TEST_CASE("accesses: a report that breaks its form or its bounds is refused") {
    Given world;
    const std::string good = text_of({.what = by_file});
    REQUIRE(world.post("amt-b", "/v1/accesses", good).status == 200);
    const auto without = [&](const std::string& part, const std::string& instead) {
        std::string text = good;
        const auto at = text.find(part);
        REQUIRE(at != std::string::npos);
        return text.replace(at, part.size(), instead);
    };
    std::string many = "[";
    for (int i = 0; i < 33; ++i) many += "\"C" + std::to_string(i) + "\",";
    many.back() = ']';
    for (const std::string& body :
         {std::string("[]"), std::string("{}"), without(R"("purpose":"appointment",)", ""),
          without("appointment", "for fun!"), without(R"(["C07"])", "[]"),
          without(R"(["C07"])", R"(["C07","C07"])"), without(R"(["C07"])", R"([7])"),
          without(R"(["C07"])", many), without("Z\"", "\""), without(R"("system")", R"("sytem")"),
          without(R"("4711")", "\"" + std::string(65, '1') + "\""),
          text_of({.what = by_file, .at_ms = world.clock.now_ms + 300'001}),
          text_of({.what = by_file, .at_ms = world.clock.now_ms - 63'244'800'001})}) {
        CAPTURE(body);
        CHECK(is_problem(world.post("amt-b", "/v1/accesses", body), 400));
    }
    CHECK(is_problem(world.post("amt-b", "/v1/accesses", std::string(4'097, ' ')), 413));
}

TEST_CASE("accesses: an authority says how far it has reported, only forwards and not ahead") {
    Given world;
    const auto say = [&](std::uint64_t at_ms) {
        return world
            .post("amt-b", "/v1/coverage",
                  R"({"complete_until":")" + model::to_rfc3339(at_ms) + "\"}")
            .status;
    };
    CHECK(say(test::start_ms) == 200);
    CHECK(say(test::start_ms - hour_ms) == 200);
    CHECK(say(world.clock.now_ms + 300'001) == 400);
    static constexpr backend::Statement find{"SELECT complete_ms FROM access_coverage"};
    const auto rows = world.store->run(find, {});
    REQUIRE((rows.has_value() && rows->size() == 1));
    CHECK((*rows)[0].count(0) == test::start_ms);
    CHECK(is_problem(world.post("amt-b", "/v1/coverage", R"({"until":1})"), 400));
}

TEST_CASE("requests: an authority asks a person that it has matched, and nobody else") {
    Given world;
    const auto ask = [&](const char* authority, std::uint8_t id, const std::string& file,
                         const std::string& until) {
        return world.post(authority, "/v1/requests",
                          R"({"id":")" + base::to_text(test::uuid(id)) + R"(","file_number":")" +
                              file + R"(","entry":"JBA-05","until":")" + until + "\"}");
    };
    CHECK(ask("amt-b", 1, "4711", "2026-12-24").status == 200);
    CHECK(ask("amt-b", 1, "4711", "2026-12-24").status == 200);
    CHECK(is_problem(ask("amt-b", 1, "4711", "2026-12-25"), 409));
    CHECK(is_problem(ask("amt-b", 2, "4712", "2026-12-24"), 404));
    CHECK_MESSAGE(is_problem(ask("amt-c", 3, "4711", "2026-12-24"), 404), "no file of its own");
    CHECK(ask("amt-b", 4, "4711", "2026-11-18").status == 200);
    CHECK(ask("amt-b", 5, "4711", "2027-02-18").status == 200);
    for (const char* until : {"2026-11-17", "2027-02-19", "2026-02-30", "soon"}) {
        CAPTURE(until);
        CHECK(is_problem(ask("amt-b", 6, "4711", until), 400));
    }
}
