// SPDX-License-Identifier: EUPL-1.2
// Records whose sealed content nobody can use: their terminal hears it, the operator learns why,
// nothing else stops, and what protects ends what it names all the same.

#include "sync/model/declaration_json.hpp"
#include "sync/seal/jwe.hpp"
#include "sync/seal/scope_tags.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using test::anna;
using World = test::ServiceWorld;

namespace {

constexpr const char* stranger_member = "{\"x_note\":\"y\",";

/// The declaration with a member that is in no page, sealed to the views key.
std::string malformed(World& world, const model::Declaration& declaration) {
    const std::string json = stranger_member + model::encode(declaration).value().substr(1);
    return seal::seal_jwe(base::as_bytes(json), {"views", world.views_key.point}, world.random)
        .value();
}

std::uint64_t append(World& world, const model::Declaration& declaration, std::string jwe,
                     std::uint64_t observed = 0) {
    test::Draft draft;
    draft.kind = model::kind_of(declaration);
    draft.scopes = seal::scopes_of(declaration);
    draft.observed = observed;
    draft.jwe = std::move(jwe);
    return world.terminal.append(draft);
}

/// What the terminal heard of this declaration from nobody in particular.
std::vector<receipts::Applied> given_up(World& world, const base::Uuid& declaration) {
    std::vector<receipts::Applied> out;
    for (const auto& receipt : world.events()) {
        const auto& told = std::get<receipts::Applied>(receipt.event);
        if (told.authority.get() == "-" && told.declaration == declaration) out.push_back(told);
    }
    return out;
}

std::string gauge(World& world, const std::string& name) {
    const std::string text = world.ask("auditor", "a", http::Method::get, "/metrics").body;
    const std::string line = "\nfreigabe_" + name + " ";
    const auto at = text.find(line);
    REQUIRE(at != text.npos);
    return text.substr(at + line.size(), 1);
}

model::Declaration grant(World& world) {
    return world.story.consent(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
}

}  // namespace

TEST_CASE("unreadable: its terminal hears that nobody can use it, and the next record is filed") {
    World world;
    const model::Declaration lost = grant(world);
    const auto stranger = crypto::generate_key(crypto::Curve::p256, world.random);
    std::string jwe;
    std::string counted = "malformed_records";
    SUBCASE("an unknown member") {
        jwe = malformed(world, lost);
    }
    SUBCASE("no JWE at all") {
        jwe = "sealed";
    }
    SUBCASE("sealed to somebody else") {
        const std::string json = model::encode(lost).value();
        jwe = seal::seal_jwe(base::as_bytes(json), {"other", stranger.point}, world.random).value();
        counted = "unreadable_records";
    }
    append(world, lost, jwe);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    CHECK(world.items("amt-a").size() == 1);
    CHECK(world.items("amt-b").size() == 1);
    const auto told = given_up(world, lost.id);
    REQUIRE(told.size() == 1);
    CHECK(told[0].state == receipts::AppliedState::not_usable);
    CHECK(told[0].reason == "technical");
    CHECK(gauge(world, counted) == "1");
    const bool opened = counted == "malformed_records";
    CHECK(gauge(world, opened ? "unreadable_records" : "malformed_records") == "0");
    REQUIRE(world.send(1, 2).status == 200);
    CHECK_MESSAGE(given_up(world, lost.id).size() == 1, "once");
}

TEST_CASE("unreadable: a withdrawal and an objection end what their scopes name") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    model::Declaration act = grant(world);
    act.targets = {model::TargetDeclaration{id}};
    SUBCASE("withdrawal") {
        act.event = model::Event::withdrawn;
        act.entry.reset();
        act.selection.reset();
    }
    SUBCASE("objection") {
        act.act_type = model::ActType::objection;
        act.selection->to.reset();
    }
    const bool shown = act.act_type == model::ActType::objection;
    append(world, act, malformed(world, act));
    REQUIRE(world.send(1, 2).status == 200);
    const auto items = world.items("amt-b");
    REQUIRE(items.size() == 1);
    CHECK(items[0]["declaration"] == base::to_text(id));
    CHECK(items[0]["state"] == "withdrawn");
    CHECK(given_up(world, act.id).size() == (shown ? 1 : 0));
    std::size_t received = 0;
    for (const auto& receipt : world.events()) {
        const auto& told = std::get<receipts::Applied>(receipt.event);
        if (told.declaration == act.id && told.state == receipts::AppliedState::received)
            ++received;
    }
    CHECK_MESSAGE(received == 2, "both authorities stop, and its terminal knows");
}

TEST_CASE("unreadable: of one in quarantine nobody is told") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    auto clone = world.terminal.clone();
    REQUIRE(world.send(1, 1).status == 200);
    const model::Declaration lost = grant(world);
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(2, 2).status == 200);
    test::Draft draft;
    draft.scopes = seal::scopes_of(lost);
    draft.jwe = malformed(world, lost);
    clone.append(draft);
    const auto answer = world.ask("terminal", base::to_text(world.terminal.id), http::Method::post,
                                  world.terminal_path("batches"), clone.batch(2, 2));
    REQUIRE(test::is_problem(answer, 409));
    CHECK(world.items("amt-b").size() == 2);
    CHECK(given_up(world, lost.id).empty());
}
