// SPDX-License-Identifier: EUPL-1.2
// A portal that is a double: it links an account by a slip's code, once, cannot guess, and sees
// what the person's card would show, in its own form and as ISO/IEC TS 27560.

#include <algorithm>

#include "drivers/base/limits_portal.hpp"
#include "sync/receipts/link_code.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using model::Json;
using test::anna;
using test::is_problem;
using test::other_anna;

namespace {

struct World : test::ServiceWorld {
    /// What the kiosk does: makes a code while the card lies there. returns  what the slip shows.
    std::string slip_code(const test::Human& human) {
        std::string code = receipts::make_link_code(random);
        const auto hash = receipts::link_code_hash(code);
        REQUIRE(portal_links.open(*hash, subject_of(human)).has_value());
        return code;
    }
    static model::SubjectRef subject_of(const test::Human& human) {
        return {model::SubjectKind::pseudonym, base::Bytes(32, human.number)};
    }
    http::Response link(const std::string& who, const std::string& account,
                        const std::string& code) {
        return ask("portal", who, http::Method::post, "/v1/portal/links",
                   R"({"account":")" + account + R"(","code":")" + code + "\"}");
    }
    http::Response see(const std::string& who, const std::string& account,
                       const std::string& what) {
        return ask("portal", who, http::Method::get, "/v1/portal/accounts/" + account + "/" + what);
    }
};

}  // namespace

TEST_CASE("portal: a slip's code opens one account, once, and shows what the card would show") {
    World world;
    const auto first = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(other_anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    CHECK(is_problem(world.see("konto", "acc-1", "insight"), 404));
    const std::string code = world.slip_code(anna);
    CHECK(world.link("konto", "acc-1", code).status == 201);
    CHECK_MESSAGE(world.link("konto", "acc-1", code).status == 201, "a lost answer costs nothing");
    CHECK_MESSAGE(is_problem(world.link("konto", "acc-2", code), 403), "used up");
    CHECK(is_problem(world.link("other", "acc-1", code), 403));
    const Json answer = world.json(world.see("konto", "acc-1", "insight"));
    std::vector<std::string> releases;
    for (const Json& row : answer["rows"]) {
        if (row.contains("release")) releases.push_back(row["release"]["declaration"]);
    }
    CHECK(releases == std::vector{base::to_text(first)});
    CHECK(answer["log_size"] == 2);
    for (const char* what : {"insight", "consents"}) {
        CAPTURE(what);
        const auto unknown = world.see("konto", "acc-9", what);
        CHECK(is_problem(unknown, 404));
        CHECK_MESSAGE(world.see("other", "acc-1", what).body == unknown.body,
                      "another portal's account is an unknown one");
    }
    CHECK(is_problem(world.see("konto", "acc-1", "insight?from=x"), 400));
}

TEST_CASE("portal: codes cannot be guessed, expire, and a replayed request opens none again") {
    World world;
    const std::string code = world.slip_code(anna);
    for (unsigned i = 0; i < limits::link_failures_max; ++i) {
        CHECK(
            is_problem(world.link("konto", "acc-1", receipts::make_link_code(world.random)), 403));
    }
    const auto refused = world.link("konto", "acc-1", code);
    CHECK(is_problem(refused, 429));
    CHECK(refused.header("retry-after").has_value());
    CHECK_MESSAGE(world.link("konto", "acc-2", code).status == 201, "others are not kept out");
    world.clock.now_ms += limits::link_window_ms;
    CHECK(is_problem(world.link("konto", "acc-1", code), 403));
    // syncd hands the terminal's request in once more.
    REQUIRE(world.portal_links.open(*receipts::link_code_hash(code), World::subject_of(anna)));
    CHECK(is_problem(world.link("konto", "acc-1", code), 403));
    const std::string late = world.slip_code(anna);
    world.clock.now_ms += limits::link_code_ms_max + 1;
    CHECK(is_problem(world.link("konto", "acc-3", late), 403));
    CHECK(is_problem(world.link("konto", "acc-3", "short"), 403));
    CHECK(is_problem(world.link("konto", "no id!", late), 400));
}

TEST_CASE("portal: an account has one person, and ends when it is told to") {
    World world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(other_anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 2).status == 200);
    const auto entry = [&] {
        const Json rows = world.json(world.see("konto", "acc-1", "consents"))["records"];
        return rows.size() == 1
                   ? rows[0]["pii_processing"]["purposes"][0]["purpose_type"].get<std::string>()
                   : "none";
    };
    REQUIRE(world.link("konto", "acc-1", world.slip_code(anna)).status == 201);
    CHECK(entry() == "JBA-03");
    REQUIRE(world.link("konto", "acc-1", world.slip_code(other_anna)).status == 201);
    CHECK(entry() == "JBA-01");
    const auto end = [&] {
        return world.ask("portal", "konto", http::Method::post, "/v1/portal/accounts/acc-1/end",
                         "{}");
    };
    CHECK(end().status == 200);
    CHECK(is_problem(end(), 404));
    CHECK(is_problem(world.see("konto", "acc-1", "insight"), 404));
}

TEST_CASE("portal: the export has the members of ISO/IEC TS 27560 and every event") {
    World world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.take_back(anna, id);
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.link("konto", "acc-1", world.slip_code(anna)).status == 201);
    const Json answer = world.json(world.see("konto", "acc-1", "consents"));
    CHECK(answer["complete"] == true);
    REQUIRE(answer["records"].size() == 1);
    const Json record = answer["records"][0];
    CHECK(record["schema_version"] == "ISO/IEC TS 27560:2023");
    CHECK(record["pii_principal_id"] == "acc-1");
    CHECK(record["record_id"] == base::to_text(id));
    const Json purpose = record["pii_processing"]["purposes"][0];
    for (const char* member :
         {"purpose", "purpose_type", "lawful_basis", "pii_information", "pii_controllers",
          "collection_method", "storage_locations", "retention_period", "jurisdiction",
          "recipient_third_parties", "withdrawal_method"}) {
        CAPTURE(member);
        CHECK(purpose.contains(member));
    }
    CHECK(purpose["purpose"] == "Hilfe-Verlauf");
    CHECK(purpose["pii_information"][0]["pii_type"] == "C07");
    CHECK(record["pii_processing"]["language"] == "de");
    CHECK(record["party_identification"][0]["party_name"] == "Amt A");
    REQUIRE(record["event"].size() == 2);
    CHECK(record["event"][0]["event_state"] == "given");
    CHECK(record["event"][1]["event_state"] == "withdrawn");
    CHECK(world.see("konto", "acc-1", "consents").body.find("Muster") == std::string::npos);
}

TEST_CASE("portal: the export calls nothing withdrawn that one of two recipients may still use") {
    World world;
    (void)world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b", "amt-c"}, 30);
    world.story.take_back_from(anna, "amt-c");
    REQUIRE(world.send(1, 2).status == 200);
    REQUIRE(world.link("konto", "acc-1", world.slip_code(anna)).status == 201);
    const auto events = [&] {
        return world.json(world.see("konto", "acc-1", "consents"))["records"][0]["event"];
    };
    Json seen = events();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0]["recipient_third_parties"] == Json({"amt-b", "amt-c"}));
    CHECK(seen[1]["event_state"] == "partly_withdrawn");
    CHECK(seen[1]["recipient_third_parties"] == Json({"amt-c"}));

    world.clock.now_ms += 40ULL * 24 * 3'600 * 1'000;
    seen = events();
    REQUIRE(seen.size() == 3);
    CHECK(seen[2]["event_state"] == "expired");
    CHECK(seen[2]["recipient_third_parties"] == Json({"amt-b"}));

    world.story.take_back_from(anna, "amt-b");
    REQUIRE(world.send(3, 3).status == 200);
    seen = events();
    CHECK(seen[seen.size() - 1]["event_state"] == "withdrawn");
}

TEST_CASE("portal: the database names neither the person nor the account") {
    World world;
    REQUIRE(world.link("konto", "account-of-anna", world.slip_code(anna)).status == 201);
    static constexpr backend::Statement find{
        "SELECT portal, account, code_hash, sealed FROM portal_account"};
    const auto rows = world.store->run(find, {});
    REQUIRE((rows.has_value() && rows->size() == 1));
    const backend::Row& row = (*rows)[0];
    CHECK(row.bytes(1).size() == 32);
    CHECK(base::as_text(row.bytes(1)).find("anna") == std::string_view::npos);
    const std::string pseudonym = base::to_base64url(base::Bytes(32, anna.number));
    CHECK(row.text(3).find(pseudonym) == std::string::npos);
    static constexpr backend::Statement codes{"SELECT sealed FROM portal_code"};
    const auto left = world.store->run(codes, {});
    REQUIRE((left.has_value() && left->size() == 1));
    CHECK_MESSAGE((*left)[0].text(0).empty(), "a used code keeps no person");
}
