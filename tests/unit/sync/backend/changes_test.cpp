// SPDX-License-Identifier: EUPL-1.2
// The list of changes of an authority: dense, each once, its own only, with expiry told like a
// withdrawal.

#include <chrono>
#include <map>

#include "sync/backend/authorities/german_day.hpp"
#include "sync/seal/jws.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using test::other_anna;
using World = test::ServiceWorld;

namespace {

constexpr std::uint64_t day_ms = 24ULL * 3'600 * 1'000;

/// What a token of a change says, once it is verified.
Json event_of(World& world, const std::string& authority, const Json& change) {
    const auto payload = seal::verify_compact(change["set"].get<std::string>(), seal::typ_receipt,
                                              world.receipt_key.point);
    REQUIRE(payload.has_value());
    const auto json = model::parse_json(base::as_text(*payload), payload->size());
    REQUIRE(json.has_value());
    CHECK((*json)["iss"] == "urn:test");
    CHECK((*json)["aud"] == authority);
    const Json event = (*json)["events"]["urn:freigabe:event:change"];
    CHECK(event["n"] == change["n"]);
    CHECK(event["kind"] == change["kind"]);
    CHECK(event["declaration"] == change["declaration"]);
    return event;
}

Json changes(World& world, const std::string& authority, std::uint64_t after = 0) {
    return world.json(
        world.get(authority, "/v1/changes?after=" + std::to_string(after)))["changes"];
}

std::vector<std::string> kinds(World& world, const std::string& authority,
                               std::uint64_t after = 0) {
    std::vector<std::string> out;
    for (const Json& change : changes(world, authority, after)) out.push_back(change["kind"]);
    return out;
}

using Kinds = std::vector<std::string>;

}  // namespace

TEST_CASE("changes: each authority reads what became of its own, numbered without a gap, signed") {
    World world;
    const auto first = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 30);
    world.story.give(other_anna, "JBA-01", {"amt-c"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(first), R"({"file_number":"4711"})").status ==
            200);
    const auto end = world.story.take_back(anna, first);
    world.story.object(anna, "JBA-11", {"amt-a"}, {"amt-b"});
    REQUIRE(world.send(3, 4).status == 200);
    CHECK(kinds(world, "amt-a") == Kinds{"received", "withdrawn", "objection"});
    CHECK(kinds(world, "amt-b") == Kinds{"received", "received", "withdrawn", "objection"});
    CHECK(kinds(world, "amt-c") == Kinds{"received", "received", "withdrawn"});
    const Json list = changes(world, "amt-b");
    for (std::size_t i = 0; i < list.size(); ++i) CHECK(list[i]["n"] == i + 1);
    CHECK(list[0]["file_number"] == "4711");
    CHECK(list[1]["file_number"].is_null());
    const Json received = event_of(world, "amt-b", list[0]);
    CHECK(received["entry"] == "JBA-03");
    CHECK(received["role"] == "recipient");
    CHECK(received["until"] == "2026-12-18");
    const Json withdrawn = event_of(world, "amt-b", list[2]);
    CHECK(withdrawn["declaration"] == base::to_text(first));
    CHECK(withdrawn["by"]["declaration"] == base::to_text(end));
    CHECK(withdrawn["by"]["kind"] == "withdrawal");
    CHECK_MESSAGE(withdrawn["recipients"] == Json::array({"amt-b"}),
                  "a recipient sees itself only");
    const Json at_source = event_of(world, "amt-a", changes(world, "amt-a")[1]);
    CHECK(at_source["recipients"] == Json::array({"amt-b", "amt-c"}));
    CHECK_MESSAGE(at_source["handle"] != withdrawn["handle"], "handles are pairwise");
    CHECK(world.get("amt-b", "/v1/changes").body.find("Muster") == std::string::npos);
}

TEST_CASE("changes: a request for access is told as one, and urgently: its term runs") {
    World world;
    world.story.ask_access(anna, {"amt-b"});
    REQUIRE(world.send(1, 1).status == 200);
    CHECK(kinds(world, "amt-b") == Kinds{"access_request"});
    const Json event = event_of(world, "amt-b", changes(world, "amt-b")[0]);
    CHECK(event["entry"] == "DSGVO-15");
    CHECK(event["role"] == "recipient");
    static constexpr backend::Statement find_urgent{"SELECT urgent FROM change"};
    const auto urgent = world.store->run(find_urgent, {});
    REQUIRE(urgent.has_value());
    CHECK(urgent->at(0).number(0) == 1);
}

TEST_CASE("changes: a cursor gets what is newer, and says what is the newest") {
    World world;
    for (int i = 0; i < 130; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    for (std::uint64_t from = 1; from <= 101; from += 50) {
        REQUIRE(world.send(from, std::min<std::uint64_t>(from + 49, 130)).status == 200);
    }
    const Json page = world.json(world.get("amt-b", "/v1/changes"));
    CHECK(page["changes"].size() == 100);
    CHECK(page["next"] == 100);
    CHECK(page["last"] == 130);
    const Json rest = world.json(world.get("amt-b", "/v1/changes?after=100"));
    CHECK(rest["changes"].size() == 30);
    CHECK(rest["changes"][0]["n"] == 101);
    const Json none = world.json(world.get("amt-b", "/v1/changes?after=130"));
    CHECK(none["changes"].empty());
    CHECK(none["next"] == 130);
    // A cursor from before the backend was restored from an old backup.
    const Json ahead = world.json(world.get("amt-b", "/v1/changes?after=9000"));
    CHECK(ahead["changes"].empty());
    CHECK(ahead["last"] == 130);
    for (const char* bad :
         {"after=", "after=-1", "after=x", "after=9223372036854775808", "after=1&after=2"}) {
        CAPTURE(bad);
        CHECK(is_problem(world.get("amt-b", std::string("/v1/changes?") + bad), 400));
    }
    // A member that the route does not know is passed over.
    CHECK(world.json(world.get("amt-b", "/v1/changes?other=1"))["next"] == 100);
    const Json nobody = world.json(world.get("amt-c", "/v1/changes"));
    CHECK(nobody["changes"].empty());
    CHECK(nobody["last"] == 0);
}

TEST_CASE(
    "changes: expiry is told once per authority when its German day is over, not of what had "
    "ended before") {
    World world;
    const auto kept = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 10);
    const auto ended = world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 10);
    world.story.take_back(anna, ended);
    world.story.object(other_anna, "JBA-11", {"amt-a"}, {"amt-b"});
    REQUIRE(world.send(1, 4).status == 200);
    const Kinds before{"received", "received", "withdrawn", "objection"};
    const std::uint64_t over_ms = backend::german_day_end_ms(*model::parse_date(
        event_of(world, "amt-b", changes(world, "amt-b")[0])["until"].get<std::string>()));
    world.clock.now_ms = over_ms - 1;
    CHECK(kinds(world, "amt-b") == before);
    world.clock.now_ms = over_ms;
    Kinds after = before;
    after.push_back("expired");
    for (const char* authority : {"amt-a", "amt-b"}) {
        CHECK(kinds(world, authority) == after);
        world.clock.now_ms += day_ms;
        CHECK_MESSAGE(kinds(world, authority) == after, "once only");
        const Json expired = event_of(world, authority, changes(world, authority, 4)[0]);
        CHECK(expired["declaration"] == base::to_text(kept));
        CHECK_MESSAGE(expired["at"] == model::to_rfc3339(over_ms),
                      "the moment does not depend on when somebody looked");
        world.clock.now_ms -= day_ms;
    }
    // The end of the objection's date is no expiry: it holds until it is withdrawn.
    world.clock.now_ms += 400 * day_ms;
    CHECK(kinds(world, "amt-b") == after);
}

TEST_CASE("changes: a record that arrives after its last day is received first and expired then") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 3);
    world.clock.now_ms += 21 * day_ms;
    REQUIRE(world.send(1, 1).status == 200);
    CHECK(kinds(world, "amt-b") == Kinds{"received", "expired"});
    // A withdrawal that comes behind the expiry is still told.
    const auto id = base::parse_uuid(changes(world, "amt-b")[0]["declaration"].get<std::string>());
    REQUIRE(id);
    world.story.take_back(anna, *id);
    REQUIRE(world.send(2, 2).status == 200);
    CHECK(kinds(world, "amt-b") == Kinds{"received", "expired", "withdrawn"});
}

TEST_CASE("changes: a resumed release names the one that was paused") {
    World world;
    const auto first = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto pause = world.story.take_back(anna, first);
    auto again = world.story.consent(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    again.resumes = first;
    world.story.append(again, 0);
    REQUIRE(world.send(1, 3).status == 200);
    const Json list = changes(world, "amt-b");
    REQUIRE(kinds(world, "amt-b") == Kinds{"received", "withdrawn", "resumed"});
    CHECK(event_of(world, "amt-b", list[1])["by"]["declaration"] == base::to_text(pause));
    const Json resumed = event_of(world, "amt-b", list[2]);
    CHECK(resumed["declaration"] == base::to_text(again.id));
    CHECK(resumed["resumes"] == base::to_text(first));
}

TEST_CASE("changes: a note without proof is told, and what it holds up as suspended") {
    World world;
    const auto by_tag = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto by_name = world.story.give(other_anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.note(anna, "JBA-03", "amt-b");
    REQUIRE(world.send(1, 3).status == 200);
    std::map<std::string, Kinds> told;
    for (const Json& change : changes(world, "amt-b")) {
        told[change["declaration"]].push_back(change["kind"]);
    }
    CHECK(told.size() == 3);
    for (const auto& id : {by_tag, by_name}) {
        CHECK(told[base::to_text(id)] == Kinds{"received", "suspended"});
    }
}

TEST_CASE(
    "changes: written anew from the log they are the same, and a second writer adds nothing") {
    World world;
    const auto first = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 5);
    world.story.give(other_anna, "JBA-01", {"amt-c"}, {"amt-b"}, 5);
    world.story.take_back(anna, first);
    REQUIRE(world.send(1, 3).status == 200);
    world.clock.now_ms += 9 * day_ms;
    const auto list = [&] {
        std::map<std::string, Kinds> out;
        for (const char* authority : {"amt-a", "amt-b", "amt-c"}) {
            for (const Json& change : changes(world, authority)) {
                const std::string id = change["declaration"];
                out[authority + id].push_back(change["kind"]);
            }
        }
        return out;
    };
    const auto once = list();
    // As if another instance walked the log again: everything has been told.
    static constexpr backend::Statement rewind{
        "UPDATE change_state SET next_index = 0 WHERE id = 1"};
    static constexpr backend::Statement forget{"UPDATE view_item SET expiry_told = 0"};
    REQUIRE(world.store->run(rewind, {}).has_value());
    REQUIRE(world.store->run(forget, {}).has_value());
    CHECK(list() == once);
    // As if a database of an earlier version had views and no changes: the list is made from them.
    static constexpr backend::Statement drop{"DELETE FROM change"};
    static constexpr backend::Statement drop_numbers{"DELETE FROM change_counter"};
    for (const auto* statement : {&rewind, &forget, &drop, &drop_numbers}) {
        REQUIRE(world.store->run(*statement, {}).has_value());
    }
    CHECK(list() == once);
}

TEST_CASE("german_day: days begin and end at German midnight, also where summer time begins") {
    struct Row {
        const char* day;
        std::uint64_t start_ms;
        std::uint64_t end_ms;
    };
    // date -u -d 'TZ="Europe/Berlin" 2027-03-28 00:00' +%s
    for (const Row& row : {Row{"2026-11-18", 1'794'956'400'000, 1'795'042'800'000},
                           Row{"2027-03-28", 1'806'188'400'000, 1'806'271'200'000},
                           Row{"2027-10-31", 1'824'933'600'000, 1'825'023'600'000}}) {
        CAPTURE(row.day);
        const auto day = model::parse_date(row.day);
        REQUIRE(day);
        CHECK(backend::german_day_start_ms(*day) == row.start_ms);
        CHECK(backend::german_day_end_ms(*day) == row.end_ms);
        CHECK(backend::german_day(row.start_ms) == row.day);
        CHECK(backend::german_day(row.end_ms - 1) == row.day);
        CHECK(backend::german_day(row.end_ms) != row.day);
    }
}
