// SPDX-License-Identifier: EUPL-1.2
// What an authority says that it did, from its word to the terminal's: late, repeated and
// contradicting ones, and a source that withholds (LR-15).

#include "sync/model/times.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using receipts::AppliedState;
using test::anna;
using test::is_problem;
using World = test::ServiceWorld;

namespace {

struct Told : World {
    Told() : id(story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30)) {
        REQUIRE(send(1, 1).status == 200);
        REQUIRE(items("amt-a").size() == 1);
    }
    http::Response say(const char* authority, const std::string& body) {
        clock.now_ms += 1'000;
        return post(authority, "/v1/declarations/" + base::to_text(id) + "/applied", body);
    }
    /// What the terminal was told of one authority, in order.
    std::vector<std::string> told(const char* authority) {
        std::vector<std::string> out;
        for (const auto& receipt : events()) {
            const auto& event = std::get<receipts::Applied>(receipt.event);
            if (event.declaration != id || event.authority.get() != authority) continue;
            out.push_back(std::string(receipts::word(event.state)) +
                          (event.reason.empty() ? "" : ":" + event.reason));
        }
        return out;
    }
    const base::Uuid id;
};
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("status: from received to applied, each is told to the terminal once") {
    Told world;
    CHECK(world.told("amt-b") == Words{"received"});
    for (const char* state : {"acknowledged", "acknowledged", "applied", "applied"}) {
        const Json answer =
            world.json(world.say("amt-b", std::string(R"({"state":")") + state + "\"}"));
        CHECK(answer["state"] == state);
    }
    CHECK(world.told("amt-b") == Words{"received", "acknowledged", "applied"});
    CHECK_MESSAGE(world.told("amt-a") == Words{"received"}, "each authority speaks for itself");
}

TEST_CASE("status: an acknowledgement that comes late takes nothing back and hears what stands") {
    Told world;
    REQUIRE(world.say("amt-b", R"({"state":"applied"})").status == 200);
    const Json late = world.json(world.say("amt-b", R"({"state":"acknowledged"})"));
    CHECK(late["state"] == "applied");
    CHECK(late["at"] == model::to_rfc3339(test::start_ms + 1'000));
    CHECK(world.told("amt-b") == Words{"received", "applied"});
}

TEST_CASE("status: of words that contradict each other the last one counts, and each was told") {
    Told world;
    for (const char* body :
         {R"({"state":"applied"})", R"({"state":"not_usable","reason":"person_unknown"})",
          R"({"state":"not_usable","reason":"person_unknown"})",
          R"({"state":"not_usable","reason":"technical"})", R"({"state":"applied"})"}) {
        REQUIRE(world.say("amt-b", body).status == 200);
    }
    CHECK(world.told("amt-b") == Words{"received", "applied", "not_usable:person_unknown",
                                       "not_usable:technical", "applied"});
    CHECK(world.items("amt-b")[0]["status"]["state"] == "applied");
}

TEST_CASE("status: a source withholds despite the consent, with or without saying why (LR-15)") {
    Told world;
    const Json plain = world.json(world.say("amt-a", R"({"state":"withheld_by_source"})"));
    CHECK(plain["state"] == "withheld_by_source");
    CHECK_FALSE(plain.contains("reason"));
    const Json why = world.json(
        world.say("amt-a", R"({"state":"withheld_by_source","reason":"service_at_risk"})"));
    CHECK(why["reason"] == "service_at_risk");
    CHECK(world.told("amt-a") ==
          Words{"received", "withheld_by_source", "withheld_by_source:service_at_risk"});
    const Json item = world.items("amt-a")[0];
    CHECK(item["status"]["state"] == "withheld_by_source");
    CHECK(item["status"]["reason"] == "service_at_risk");
    const auto refused = world.say("amt-b", R"({"state":"withheld_by_source"})");
    CHECK(is_problem(refused, 409));
    CHECK(refused.body.find("not-source") != std::string::npos);
    CHECK(world.told("amt-b") == Words{"received"});
}

TEST_CASE("status: a reason is one of the codes of its state") {
    Told world;
    for (const char* body :
         {R"({"state":"withheld_by_source","reason":"because"})",
          R"({"state":"withheld_by_source","reason":"technical"})",
          R"({"state":"not_usable","reason":"entrusted"})",
          R"({"state":"applied","reason":"technical"})", R"({"reason":"entrusted"})",
          R"({"state":"withheld_by_source","reason":""})", R"({"state":"queued"})",
          R"({"state":"applied","at":"now"})"}) {
        CAPTURE(body);
        CHECK(is_problem(world.say("amt-a", body), 400));
    }
    CHECK(world.told("amt-a") == Words{"received"});
}

TEST_CASE("status: said after the withdrawal it is about the withdrawal") {
    Told world;
    REQUIRE(world.say("amt-b", R"({"state":"applied"})").status == 200);
    const auto end = world.story.take_back(anna, world.id);
    REQUIRE(world.send(2, 2).status == 200);
    REQUIRE(world.items("amt-b").size() == 1);
    CHECK_MESSAGE(world.items("amt-b")[0]["status"].is_null(), "not yet acted on");
    REQUIRE(world.say("amt-b", R"({"state":"acknowledged"})").status == 200);
    REQUIRE(world.say("amt-b", R"({"state":"applied"})").status == 200);
    CHECK(world.told("amt-b") == Words{"received", "applied"});
    Words about_end;
    for (const auto& receipt : world.events()) {
        const auto& event = std::get<receipts::Applied>(receipt.event);
        if (event.declaration == end && event.authority.get() == "amt-b") {
            about_end.emplace_back(receipts::word(event.state));
        }
    }
    CHECK(about_end == Words{"received", "acknowledged", "applied"});
}
