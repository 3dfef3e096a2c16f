// SPDX-License-Identifier: EUPL-1.2
// What an authority sees of itself and never of another, how a withdrawal shows, and what may be
// used.

#include "sync/backend/authorities/german_day.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using test::other_anna;
using test::Story;
using World = test::ServiceWorld;

TEST_CASE("desk: a declaration reaches those it names, with name and birth date, and nobody else") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    for (const char* authority : {"amt-a", "amt-b"}) {
        const Json items = world.items(authority);
        REQUIRE(items.size() == 1);
        CHECK(items[0]["declaration"] == base::to_text(id));
        CHECK(items[0]["person"]["family_name"] == "Muster");
        CHECK(items[0]["person"]["birth_date"] == "2007-01-02");
        CHECK(items[0]["state"] == "usable");
        CHECK(items[0]["file_number"].is_null());
        CHECK(items[0]["entry"]["title"] == "Hilfe-Verlauf");
    }
    CHECK(world.items("amt-c").empty());
    CHECK(is_problem(world.post("amt-c", world.assign_path(id), R"({"file_number":"1"})"), 404));
    CHECK(is_problem(
        world.post("amt-c", "/v1/declarations/" + base::to_text(id) + "/applied", "{}"), 404));
    CHECK(world.items("amt-a")[0]["handle"] != world.items("amt-b")[0]["handle"]);
}

TEST_CASE("desk: assigned once, a person is known for every later declaration, at that authority") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const std::string path = world.assign_path(id);
    CHECK(world.post("amt-b", path, R"({"file_number":"47 11"})").status == 200);
    CHECK(world.post("amt-b", path, R"({"file_number":"47 11"})").status == 200);
    CHECK(is_problem(world.post("amt-b", path, R"({"file_number":"12"})"), 409));
    for (const Json& item : world.items("amt-b")) CHECK(item["file_number"] == "47 11");
    for (const Json& item : world.items("amt-a")) CHECK(item["file_number"].is_null());
    const auto ask = [&](const std::string& authority, const std::string& query) {
        return world.json(world.get(authority, "/v1/usable?" + query));
    };
    const Json answer = ask("amt-b", "file_number=47%2011&entry=JBA-03");
    CHECK(answer["may_use"] == true);
    CHECK(answer["until"] == "2026-12-18");
    CHECK(answer["declaration"] == base::to_text(id));
    CHECK(receipts::verify(answer["proof"].get<std::string>(), world.receipt_key.point,
                           world.terminal.id)
              .has_value());
    CHECK(ask("amt-b", "file_number=47%2011&entry=JBA-05")["may_use"] == false);
    CHECK_MESSAGE(ask("amt-a", "file_number=47%2011&entry=JBA-03")["may_use"] == false,
                  "a file number of another authority means nothing");
    world.clock.now_ms += 31ULL * 24 * 3'600 * 1'000;
    CHECK_MESSAGE(ask("amt-b", "file_number=47%2011&entry=JBA-03")["may_use"] == false, "expired");
    CHECK(world.items("amt-b")[0]["state"] == "expired");
}

TEST_CASE("desk: a source may ask whom it may tell") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.items("amt-a").size() == 1);
    REQUIRE(world.post("amt-a", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    const auto may = [&](const std::string& query) {
        return world.json(
            world.get("amt-a", "/v1/usable?file_number=1&entry=JBA-03" + query))["may_use"];
    };
    CHECK(may("&recipient=amt-b") == true);
    CHECK(may("&recipient=amt-c") == false);
    CHECK_MESSAGE(may("") == false, "the source itself receives nothing");
}

TEST_CASE("desk: a withdrawal shows at once, raises an alarm while unassigned, and is acted on") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const auto end = world.story.take_back(anna, id);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"4711"})").status == 200);
    REQUIRE(world.send(2, 2).status == 200);
    const Json at_b = world.items("amt-b");
    REQUIRE(at_b.size() == 1);
    CHECK(at_b[0]["state"] == "withdrawn");
    CHECK(at_b[0]["alarm"] == false);
    CHECK(world.json(world.get("amt-b", "/v1/usable?file_number=4711&entry=JBA-03"))["may_use"] ==
          false);
    const Json at_a = world.json(world.get("amt-a", "/v1/inbox"));
    CHECK(at_a["alarms"] == 1);
    CHECK(at_a["items"][0]["alarm"] == true);
    const std::string path = "/v1/declarations/" + base::to_text(id) + "/applied";
    CHECK(world.post("amt-b", path, R"({"state":"applied"})").status == 200);
    CHECK(is_problem(world.post("amt-b", path, R"({"state":"received"})"), 400));
    CHECK(world.items("amt-b")[0]["status"]["state"] == "applied");
    const auto has = [&](const base::Uuid& declaration, const char* authority,
                         receipts::AppliedState state) {
        return std::ranges::any_of(world.events(), [&](const receipts::Receipt& receipt) {
            const auto& event = std::get<receipts::Applied>(receipt.event);
            return event.declaration == declaration && event.authority.get() == authority &&
                   event.state == state;
        });
    };
    CHECK(has(id, "amt-a", receipts::AppliedState::received));
    CHECK(has(end, "amt-a", receipts::AppliedState::received));
    CHECK(has(end, "amt-b", receipts::AppliedState::applied));
    CHECK_FALSE(has(id, "amt-b", receipts::AppliedState::applied));
    CHECK_FALSE(has(end, "amt-c", receipts::AppliedState::received));
    CHECK(world.events(world.events().size()).empty());
}

TEST_CASE("desk: two cards of one name stand side by side as ambiguous") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(other_anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const Json items = world.items("amt-b");
    REQUIRE(items.size() == 2);
    CHECK(items[0]["ambiguous"] == true);
    CHECK(items[0]["twin"] == items[1]["twin"]);
    CHECK(items[0]["handle"] != items[1]["handle"]);
}

TEST_CASE("desk: a declaration whose scopes are not its own is never usable") {
    World world;
    const auto honest = world.story.consent(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    auto other = world.story.consent(other_anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    other.id = honest.id;
    world.story.append(honest, 0, &other);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(honest.id), R"({"file_number":"1"})").status ==
            200);
    CHECK(world.items("amt-b")[0]["state"] == "invalid");
    CHECK(world.json(world.get("amt-b", "/v1/usable?file_number=1&entry=JBA-03"))["may_use"] ==
          false);
}

TEST_CASE("desk: a note without proof alarms everybody it may concern and is not used up") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.note(anna, "JBA-03", "amt-b");
    REQUIRE(world.send(1, 2).status == 200);
    const Json items = world.items("amt-b");
    REQUIRE(items.size() == 2);
    CHECK(
        std::ranges::any_of(items, [](const Json& item) { return item["state"] == "suspended"; }));
    CHECK(std::ranges::any_of(items,
                              [](const Json& item) { return item["state"] == "provisional"; }));
}

TEST_CASE("desk: an objection made at a cloned terminal counts, the end of one does not (I6)") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    auto clone = world.terminal.clone();
    Story forked{{clone, world.views_key.point, world.random, test::start_ms}};
    const auto objection = world.story.object(other_anna, "JBA-11", {"amt-a"}, {"amt-b"});
    REQUIRE(world.send(2, 2).status == 200);
    // The clone goes another way: an objection of its own, and an end of both that it cannot give.
    const auto own = forked.object(anna, "JBA-11", {"amt-a"}, {"amt-b"});
    for (const auto& [human, id] : {std::pair(anna, own), std::pair(other_anna, objection)}) {
        forked.end_objection(human, id);
    }
    const auto fork = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                world.terminal_path("batches"), clone.batch(2, 4));
    REQUIRE(is_problem(fork, 409));
    std::size_t objections = 0;
    for (const Json& item : world.items("amt-b")) {
        if (item["act_type"] != "objection") continue;
        ++objections;
        CHECK(item["state"] == "objection");
        CHECK(item["person"]["family_name"] == "Muster");
    }
    CHECK(objections == 2);
}

TEST_CASE("desk: a request for access reaches whom it names, with its term, and grants nothing") {
    World world;
    const auto id = world.story.ask_access(anna, {"amt-a", "amt-b"});
    REQUIRE(world.send(1, 1).status == 200);
    CHECK(world.items("amt-c").empty());
    for (const char* authority : {"amt-a", "amt-b"}) {
        const Json items = world.items(authority);
        REQUIRE(items.size() == 1);
        CHECK(items[0]["state"] == "access_request");
        CHECK(items[0]["act_type"] == "notice");
        CHECK(items[0]["role"] == "recipient");
        CHECK(items[0]["entry"]["title"] == "Auskunft nach Art. 15 DSGVO, § 83 SGB X");
        CHECK(items[0]["answer_by"] == "2026-12-18");
        CHECK(items[0]["person"]["family_name"] == "Muster");
        CHECK(items[0]["alarm"] == false);
    }
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    CHECK(world.json(world.get("amt-b", "/v1/usable?file_number=1&entry=DSGVO-15"))["may_use"] ==
          false);
    // Taking everything back leaves it as it is; a note about the same person, too.
    world.story.note(anna, "JBA-03", "amt-b");
    REQUIRE(world.send(2, 2).status == 200);
    const auto request = [&](const char* authority) {
        for (const Json& item : world.items(authority)) {
            if (item["declaration"] == base::to_text(id)) return item;
        }
        return Json();
    };
    CHECK(request("amt-b")["state"] == "access_request");
    const std::string path = "/v1/declarations/" + base::to_text(id) + "/applied";
    REQUIRE(world.post("amt-b", path, "{}").status == 200);
    CHECK(request("amt-b")["status"]["state"] == "applied");
    CHECK(request("amt-a")["status"].is_null());
}

TEST_CASE("desk: a request for access after its last day stands first until it is answered") {
    World world;
    const auto id = world.story.ask_access(anna, {"amt-a", "amt-b"});
    world.story.give(other_anna, "JBA-03", {"amt-c"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    const auto late = [&] {
        const std::string name = "freigabe_access_requests_overdue ";
        const auto text = world.ask("auditor", "dsb", http::Method::get, "/metrics").body;
        return text.substr(text.find("\n" + name) + 1 + name.size(), 1);
    };
    const auto inbox = [&] { return world.json(world.get("amt-b", "/v1/inbox")); };
    const auto last_day = model::parse_date("2026-12-18");
    REQUIRE(last_day);
    world.clock.now_ms = backend::german_day_end_ms(*last_day) - 1;
    CHECK(inbox()["overdue"] == 0);
    CHECK(inbox()["items"][0]["state"] == "usable");
    CHECK(inbox()["items"][1]["overdue"] == false);
    CHECK(late() == "0");
    world.clock.now_ms += 1;
    CHECK(inbox()["overdue"] == 1);
    CHECK(inbox()["items"][0]["declaration"] == base::to_text(id));
    CHECK(inbox()["items"][0]["overdue"] == true);
    CHECK_FALSE(inbox()["items"][1].contains("overdue"));
    CHECK_MESSAGE(late() == "2", "both authorities, in one number");
    const std::string path = "/v1/declarations/" + base::to_text(id) + "/applied";
    REQUIRE(world.post("amt-b", path, R"({"state":"acknowledged"})").status == 200);
    CHECK_MESSAGE(inbox()["overdue"] == 1, "to have seen it is no answer");
    REQUIRE(world.post("amt-b", path, "{}").status == 200);
    CHECK(inbox()["overdue"] == 0);
    CHECK(inbox()["items"][1]["overdue"] == false);
    CHECK(late() == "1");
}

TEST_CASE("desk: a request for access to an authority that is not served says so to its terminal") {
    World world;
    const auto id = world.story.ask_access(anna, {"amt-a", "amt-unserved"});
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-unserved"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.items("amt-a").size() == 2);
    std::size_t declined = 0;
    for (const auto& receipt : world.events()) {
        const auto& told = std::get<receipts::Applied>(receipt.event);
        const bool unserved = told.authority == model::AuthorityId("amt-unserved");
        CHECK(told.state ==
              (unserved ? receipts::AppliedState::not_usable : receipts::AppliedState::received));
        if (!unserved) continue;
        ++declined;
        CHECK(told.declaration == id);
        CHECK(told.reason == "technical");
    }
    CHECK_MESSAGE(declined == 1, "a release is the source's to tell");
}

TEST_CASE("desk: a request for access of a copied terminal is shown, and the same one once") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    auto clone = world.terminal.clone();
    Story forked{{clone, world.views_key.point, world.random, test::start_ms}};
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(2, 2).status == 200);
    // Its term runs, wherever it stands; the copy chains it anew under its next number.
    const auto request = forked.access_request(anna, {"amt-b"});
    forked.append(request, 0);
    const auto fork = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                world.terminal_path("batches"), clone.batch(2, 2));
    REQUIRE(is_problem(fork, 409));
    const auto requests = [&] {
        std::size_t count = 0;
        for (const Json& item : world.items("amt-b")) {
            if (item["state"] != "access_request") continue;
            CHECK(item["declaration"] == base::to_text(request.id));
            ++count;
        }
        return count;
    };
    CHECK(requests() == 1);
    auto next = world.terminal.clone();
    next.new_epoch(world.terminal.head());
    Story anew{{next, world.views_key.point, world.random, test::start_ms}};
    anew.append(request, 0);
    REQUIRE(world
                .ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                     world.terminal_path("batches"), next.batch(1, 1))
                .status == 200);
    CHECK(requests() == 1);
}

TEST_CASE("desk: a note that knows only a name holds everything up until it is found unfounded") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    REQUIRE(world.post("amt-b", world.assign_path(id), R"({"file_number":"1"})").status == 200);
    const auto may_use = [&] {
        return world.json(world.get("amt-b", "/v1/usable?file_number=1&entry=JBA-03"))["may_use"];
    };
    CHECK(may_use() == true);
    // The same name and birth date under another subject: no tag of the note touches the grant.
    const auto note = world.story.note(other_anna, "JBA-03", "amt-b");
    REQUIRE(world.send(2, 2).status == 200);
    CHECK(may_use() == false);
    const Json inbox = world.json(world.get("amt-b", "/v1/inbox"));
    CHECK(inbox["alarms"] == 1);
    CHECK(inbox["total"] == 2);
    // A grant on the same terminal after the note, and one that had it in sight, are new decisions.
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 60);
    REQUIRE(world.send(3, 3).status == 200);
    CHECK(may_use() == true);
    const auto metrics = world.ask("auditor", "dsb", http::Method::get, "/metrics").body;
    // The note at three authorities, and what it suspends is told by the note.
    CHECK(metrics.find("freigabe_alarms 3\n") != std::string::npos);
    const std::string path = "/v1/declarations/" + base::to_text(note) + "/applied";
    REQUIRE(world.post("amt-b", path, R"({"state":"not_usable"})").status == 200);
    CHECK(world.json(world.get("amt-b", "/v1/inbox"))["alarms"] == 0);
    for (const Json& item : world.items("amt-b")) CHECK(item["state"] != "suspended");
    CHECK(world.json(world.get("amt-a", "/v1/inbox"))["alarms"] == 2);
}

TEST_CASE("desk: a release ends with its last German day, in winter and in summer") {
    struct Row {
        std::uint64_t given_ms;
        std::uint64_t last_moment_ms;
    };
    // Given for 0 days: the last moments are 2026-11-18 23:59:59 CET and 2027-06-10 23:59:59 CEST.
    for (const Row& row :
         {Row{1'795'000'000'000, 1'795'042'799'000}, Row{1'812'600'000'000, 1'812'664'799'000}}) {
        CAPTURE(row.given_ms);
        World own;
        own.clock.now_ms = row.given_ms;
        Story story{{own.terminal, own.views_key.point, own.random, row.given_ms}};
        story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 0);
        REQUIRE(own.send(1, 1).status == 200);
        own.clock.now_ms = row.last_moment_ms;
        CHECK(own.items("amt-b")[0]["state"] == "usable");
        own.clock.now_ms += 1'000;
        CHECK(own.items("amt-b")[0]["state"] == "expired");
    }
}
