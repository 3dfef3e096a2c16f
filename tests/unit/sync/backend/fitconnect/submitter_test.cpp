// SPDX-License-Identifier: EUPL-1.2
// FIT-Connect: whatever gets lost, breaks or dies at any request, the authority gets each change
// once, and we keep it until its signed word is there.
#include "sync/backend/fitconnect/submitter.hpp"

#include "tests/unit/sync/backend/fitconnect/fit_double.hpp"
#include "tests/unit/sync/backend/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "sync/backend/store/columns.hpp"

namespace {

using test::FitDouble;
using test::Misfortune;

constexpr std::uint64_t minute_ms = 60'000;
constexpr std::uint64_t hour_ms = 60 * minute_ms;
constexpr std::uint64_t day_ms = 24 * hour_ms;

constexpr const char* account_text = R"({"schema":"freigabe-fitconnect-1",
"api":"https://api.test","token":"https://token.test","token_path":"/oauth/token",
"client_id":"freigabe test","client_secret":"s&cr\u00e9t",
"service":{"name":"Freigabe","identifier":"urn:de:fim:leika:leistung:99000000000000"},
"data_schema":"https://freigabe.test/change.json",
"destinations":{"amt-a":"1f7b4c1e-6f3b-4b0a-9d64-0a5a3c2f7e11"}})";

constexpr backend::Statement add_change{
    "INSERT INTO change (authority, n, kind, leaf, cause, declaration, urgent, filed_ms, jti,"
    " token) VALUES ($1, $2, 'received', $3, $4, $5, 0, $6, $7, $8)"};

/// Making three RSA keys takes a second, so all tests share one other side.
struct Post {
    test::ManualClock clock;
    FitDouble service{clock};
};
Post& post() {
    static Post the_post;
    return the_post;
}

struct Desk {
    test::ManualClock& clock = post().clock;
    FitDouble& service = post().service;
    test::SeededRandom random{7};
    std::unique_ptr<backend::Store> store = test::memory_store();
    backend::FitAccount account = std::move(*backend::parse_fit_account(account_text));
    test::FitPlan plan;
    std::vector<std::string> told;  ///< what the hook was called for

    Desk() {
        // Nothing of an earlier world may be fetched in this one.
        clock.now_ms += 30 * day_ms;
        service.accepted.clear();
        service.complaints.clear();
        service.active = true;
    }

    void change(std::int64_t n, const std::string& authority = "amt-a") {
        const base::Bytes leaf(32, static_cast<std::uint8_t>(n));
        const base::Bytes declaration(16, static_cast<std::uint8_t>(n));
        REQUIRE(store->run(add_change,
                           {authority, n, leaf, leaf, declaration, backend::column_of(clock.now_ms),
                            std::to_string(n), "token-" + std::to_string(n)}));
    }

    /// One program: dies with Crash, starts anew with the next one.
    struct Program {
        explicit Program(Desk& desk)
            : api(desk.service, desk.plan),
              token(desk.service, desk.plan),
              calls({api, token, desk.account, desk.clock}),
              submitter({*desk.store, calls, desk.account,
                         [](const backend::Submission& row) -> base::Result<std::string> {
                             return "{\"change\":\"" + row.token + "\"}";
                         },
                         [&desk](const backend::Submission& row) -> base::Result<void> {
                             desk.told.push_back(row.token);
                             return {};
                         },
                         desk.clock, desk.random}) {}
        test::FitDoubleLine api;
        test::FitDoubleLine token;
        backend::FitService calls;
        backend::Submitter submitter;
    };
    std::unique_ptr<Program> program = std::make_unique<Program>(*this);

    void step() {
        try {
            const auto done = program->submitter.step();  // REQUIRE would catch the crash
            REQUIRE(done);
        } catch (const test::Crash&) {
            program = std::make_unique<Program>(*this);
        }
    }
    /// Half a day in steps of five minutes; the recipient looks into its mail each hour.
    void half_a_day(bool fetching = true) {
        for (int i = 0; i < 144; ++i) {
            step();
            clock.now_ms += 5 * minute_ms;
            if (fetching && i % 12 == 11) service.fetch();
        }
    }
    [[nodiscard]] backend::SubmissionCounts counts() const {
        return *backend::count_submissions(*store);
    }
    [[nodiscard]] bool has_once(const std::string& token) const {
        return std::ranges::count(service.accepted, "{\"change\":\"" + token + "\"}") == 1;
    }
};

}  // namespace

TEST_CASE("fit-connect: changes of the authorities that are there arrive, sealed, once, in order") {
    Desk desk;
    for (std::int64_t n = 1; n <= 3; ++n) desk.change(n);
    desk.change(1, "amt-b");  // not at FIT-Connect
    desk.half_a_day();
    CHECK(desk.service.accepted == std::vector<std::string>{"{\"change\":\"token-1\"}",
                                                            "{\"change\":\"token-2\"}",
                                                            "{\"change\":\"token-3\"}"});
    CHECK(desk.counts().accepted == 3);
    CHECK(desk.counts().waiting == 0);
    CHECK(std::set<std::string>(desk.told.begin(), desk.told.end()).size() == 3);
    CHECK(desk.service.complaints.empty());
    desk.change(4);
    desk.half_a_day();
    CHECK(desk.service.accepted.size() == 4);
}

TEST_CASE("fit-connect: any misfortune at any request, and each change arrives exactly once") {
    std::size_t requests = 0;
    {
        Desk clean;
        clean.change(1);
        clean.half_a_day();
        requests = clean.plan.seen;
        REQUIRE(clean.has_once("token-1"));
    }
    REQUIRE(requests >= 7);  // token, destination, key, announce, submit, events, key of the word
    for (std::size_t at = 0; at < requests; ++at) {
        for (const Misfortune misfortune :
             {Misfortune::request_lost, Misfortune::answer_lost, Misfortune::server_error,
              Misfortune::unavailable, Misfortune::unauthorised, Misfortune::garbage,
              Misfortune::crash_before, Misfortune::crash_after}) {
            CAPTURE(at);
            CAPTURE(static_cast<int>(misfortune));
            Desk desk;
            desk.plan = {at, misfortune, 0};
            desk.change(1);
            desk.half_a_day();
            CHECK(desk.has_once("token-1"));
            CHECK(desk.service.accepted.size() == 1);
            CHECK(desk.counts().accepted == 1);
            CHECK(desk.service.complaints.empty());
        }
    }
}

TEST_CASE("fit-connect: only the recipient's own signature about our very bytes ends the keeping") {
    for (const auto forgery :
         {FitDouble::Forgery::other_key, FitDouble::Forgery::other_tags,
          FitDouble::Forgery::other_submission, FitDouble::Forgery::other_issuer}) {
        CAPTURE(static_cast<int>(forgery));
        Desk desk;
        desk.change(1);
        desk.step();
        desk.step();
        desk.service.forge_acceptance(forgery);
        desk.half_a_day(false);
        CHECK(desk.counts().accepted == 0);
        CHECK(desk.counts().waiting == 1);
        CHECK(desk.told.empty());
        desk.service.fetch();
        desk.half_a_day();
        CHECK(desk.counts().accepted == 1);
        CHECK(desk.has_once("token-1"));
    }
}

TEST_CASE("fit-connect: what nobody fetches or what is refused is sent again, and counted") {
    Desk desk;
    desk.change(1);
    for (int i = 0; i < 29; ++i) desk.half_a_day(false);
    CHECK(desk.counts().refused == 1);
    desk.service.fetch(false);
    for (int i = 0; i < 4; ++i) desk.half_a_day(false);
    CHECK(desk.counts().waiting == 1);
    desk.service.fetch();
    desk.half_a_day();
    CHECK(desk.has_once("token-1"));
    CHECK(desk.counts().accepted == 1);
    CHECK(desk.service.complaints.empty());
}

TEST_CASE("fit-connect: an announcement that got too old is made anew, with the key of that day") {
    Desk desk;
    desk.change(1);
    desk.step();  // announced; then the line is down for two days
    desk.clock.now_ms += 2 * day_ms;
    desk.service.change_keys();
    desk.half_a_day();
    CHECK(desk.has_once("token-1"));
    CHECK(desk.service.complaints.empty());
}

TEST_CASE("fit-connect: a destination that is closed waits, and nothing is lost") {
    Desk desk;
    desk.service.active = false;
    desk.change(1);
    desk.half_a_day();
    CHECK(desk.service.accepted.empty());
    CHECK(desk.counts().waiting == 1);
    desk.service.active = true;
    desk.half_a_day();
    CHECK(desk.has_once("token-1"));
}

TEST_CASE("fit-connect: one who slept over the end of a claim changes nothing any more") {
    Desk desk;
    desk.change(1);
    // The first program takes the row and then sleeps; the second does everything meanwhile.
    auto taken = backend::claim_due(*desk.store, desk.clock.now_ms, desk.clock.now_ms + 1);
    REQUIRE(taken);
    desk.step();  // makes the row
    taken = backend::claim_due(*desk.store, desk.clock.now_ms + minute_ms,
                               desk.clock.now_ms + 2 * minute_ms);
    REQUIRE(taken);
    REQUIRE(taken->size() == 1);
    desk.half_a_day();
    REQUIRE(desk.counts().accepted == 1);
    backend::Submission late = taken->front();
    late.state = backend::SubmissionState::due;
    REQUIRE(backend::store_submission(*desk.store, late, 0));
    CHECK(desk.counts().accepted == 1);
    desk.half_a_day();
    CHECK(desk.has_once("token-1"));
}

TEST_CASE("fit-connect: an account says everything, or is refused") {
    const auto refused = [](std::string_view from, std::string_view to) {
        std::string text = account_text;
        const std::size_t at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        const auto account = backend::parse_fit_account(text);
        return !account && account.error().code == base::Errc::config_bad;
    };
    CHECK(backend::parse_fit_account(account_text));
    CHECK(refused("https://api.test", "http://api.test"));
    CHECK(refused("\"/oauth/token\"", "\"oauth\""));
    CHECK(refused("1f7b4c1e-6f3b", "1f7b4c1e"));
    CHECK(refused("\"client_id\":\"freigabe test\",", ""));
    CHECK(refused("\"client_id\"", "\"client\""));
    CHECK(refused("freigabe-fitconnect-1", "freigabe-fitconnect-2"));
}
