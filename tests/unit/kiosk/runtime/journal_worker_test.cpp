// SPDX-License-Identifier: EUPL-1.2
// The journal thread as the screens use it, on a real journal: what a person declares comes back as
// their own copy, and goes when they want it gone.
#include "kiosk/runtime/journal_worker.hpp"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "sync/model/times.hpp"
#include "tests/fakes/journal_world.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

struct Bench {
    fakes::JournalWorld world;
    runtime::Mailbox mailbox;
    std::unique_ptr<runtime::JournalWorker> worker;

    Bench() {
        runtime::JournalSettings settings{
            world.options(), world.folder.path() / "kiosk.sock", ::getuid(), {}};
        auto started = runtime::JournalWorker::start(
            std::move(settings), {mailbox, world.keys, world.clock, [](std::uint64_t) {}});
        REQUIRE(started);
        worker = std::move(*started);
    }
    /// The next answer of this kind; others, as about the line, are passed over.
    template <class E>
    E answer() {
        for (int left = 1'000; left > 0; --left) {
            while (auto got = mailbox.take()) {
                auto* event = std::get_if<core::PlaceEvent>(&got->body);
                if (event == nullptr) continue;
                REQUIRE(std::holds_alternative<E>(*event));
                return std::move(std::get<E>(*event));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        FAIL("no answer");
        return {};
    }
    [[nodiscard]] core::Identified who() const {
        core::Identified who;
        who.person = {core::PersonalText("Yılmaz"), core::PersonalText("Leyla"),
                      core::PersonalText("2007-11-30")};
        who.subject = core::PersonalText(std::string(32, 'p'));
        return who;
    }
    core::Slip demand() {
        core::AppendDeclaration effect;
        effect.ticket = {1, 1};
        effect.draft = core::make_access_request({"amt-a", "amt-b"}, who(),
                                                 model::day_of(world.clock.wall_ms()),
                                                 {"de", 100, "light", false});
        worker->append(std::move(effect), {"1.0.0", {7}, {8}});
        const auto journaled = answer<core::Journaled>();
        CHECK(journaled.ticket == core::Ticket{1, 1});
        return journaled.slip;
    }
    std::vector<core::Release> releases() {
        worker->load({{1, 2}, who().subject});
        return answer<core::ReleasesLoaded>().releases;
    }
};

}  // namespace

TEST_CASE(
    "journal worker: a request for access is recorded with a receipt that takes nothing back") {
    Bench bench;
    const core::Slip slip = bench.demand();
    CHECK_FALSE(slip.check.empty());
    CHECK(slip.take_back.empty());
    const auto releases = bench.releases();
    REQUIRE(releases.size() == 1);
    CHECK(releases[0].act == core::ActType::notice);
    CHECK(releases[0].standing == core::Release::Standing::given);
    CHECK(releases[0].recipients == std::vector<std::string>{"amt-a", "amt-b"});
    CHECK_FALSE(releases[0].can_be_taken_back());
    CHECK(releases[0].kept_here);
}

TEST_CASE("journal worker: an own copy goes by wish, and asking twice is no failure") {
    Bench bench;
    bench.demand();
    bench.demand();
    const auto both = bench.releases();
    REQUIRE(both.size() == 2);
    for (int again = 0; again < 2; ++again) {
        bench.worker->forget({{1, 3}, bench.who().subject, both[0].declaration});
        const auto gone = bench.answer<core::CopyDeleted>();
        CHECK(gone.ticket == core::Ticket{1, 3});
        CHECK_FALSE(gone.errc);
    }
    const auto left = bench.releases();
    REQUIRE(left.size() == 1);
    CHECK(left[0].declaration == both[1].declaration);
}
