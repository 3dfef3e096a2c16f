// SPDX-License-Identifier: EUPL-1.2
// From the reader to the journal: codes as two terminals really make them, held to a reader that is
// played; what reaches the screens, what is recorded, and that no secret goes further.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <unistd.h>

#include "kiosk/runtime/slip_judge.hpp"
#include "kiosk/runtime/slip_worker.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/invitation.hpp"
#include "sync/seal/jwk.hpp"
#include "sync/seal/slip_code.hpp"
#include "tests/fakes/journal_world.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using core::SlipTrouble;

/// A reader that has read what the test says.
class PlayedReader final : public port::SlipReader {
  public:
    void hold(std::string_view code) {
        const std::lock_guard lock(mutex_);
        codes_.emplace_back(base::as_bytes(code));
        ready_.notify_one();
    }
    std::optional<port::ScannedCode> next() override {
        std::unique_lock lock(mutex_);
        ready_.wait(lock, [&] { return ended_ || !codes_.empty(); });
        if (ended_) return std::nullopt;
        std::optional<port::ScannedCode> code(std::move(codes_.front()));
        codes_.pop_front();
        return code;
    }
    void cancel() override {
        const std::lock_guard lock(mutex_);
        ended_ = true;
        ready_.notify_one();
    }

  private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::deque<port::ScannedCode> codes_;
    bool ended_ = false;
};

/// A terminal from its reader to its disk, without a screen.
struct Terminal {
    fakes::JournalWorld world;
    runtime::Mailbox mailbox;
    PlayedReader reader;
    std::unique_ptr<runtime::JournalWorker> journal;
    std::unique_ptr<runtime::SlipWorker> slips;
    std::uint32_t request = 0;
    std::atomic<std::uint64_t> floor_ms{1'764'000'000'000};  // 2025-11-24

    explicit Terminal(std::uint64_t seed) : world(seed) {
        world.terminal = base::make_uuid7(
            1'764'000'000'000, std::array<std::uint8_t, 10>{static_cast<std::uint8_t>(seed)});
        runtime::JournalSettings settings{
            world.options(), world.folder.path() / "kiosk.sock", ::getuid(), {}};
        auto started = runtime::JournalWorker::start(
            std::move(settings), {mailbox, world.keys, world.clock, [](std::uint64_t) {}});
        REQUIRE(started);
        journal = std::move(*started);
        slips = std::make_unique<runtime::SlipWorker>(
            runtime::SlipWorker::Parts{reader, *journal, mailbox, floor_ms});
    }
    /// The next answer of this kind; others are passed over.
    template <class E, class Of>
    E answer() {
        for (int left = 2'000; left > 0; --left) {
            while (auto got = mailbox.take()) {
                auto* group = std::get_if<Of>(&got->body);
                if (group != nullptr && std::holds_alternative<E>(*group))
                    return std::move(std::get<E>(*group));
                const auto* place = std::get_if<core::PlaceEvent>(&got->body);
                REQUIRE_FALSE(
                    (place != nullptr && std::holds_alternative<core::JournalFailed>(*place)));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        FAIL("no answer");
        return {};
    }
    core::Slip record(core::Draft draft) {
        journal->append({{1, ++request}, std::move(draft)}, {"1.0.0", {7}, {8}});
        return answer<core::Journaled, core::PlaceEvent>().slip;
    }
    core::ShownSlip held(std::string_view code) {
        reader.hold(code);
        return answer<core::SlipHeld, core::CommonEvent>().slip;
    }
    [[nodiscard]] core::Draft draft(model::ActType act = model::ActType::consent) const {
        core::Draft draft;
        draft.act = act;
        draft.entry = "JBA-03";
        draft.version = "1.0";
        model::Selection selection;
        selection.sources = {model::AuthorityId("amt-a")};
        selection.recipients = {model::AuthorityId("amt-b")};
        selection.categories = {"C07"};
        selection.from = model::day_of(world.clock.wall_ms());
        selection.to = selection.from + std::chrono::years(1);
        draft.selection = selection;
        draft.shown = {"de", 100, "light", false};
        draft.who.person = {core::PersonalText("Yılmaz"), core::PersonalText("Leyla"),
                            core::PersonalText("2007-11-30")};
        draft.who.subject = core::PersonalText(std::string(32, 'p'));
        return draft;
    }
};

core::TakeBackSlip whole(const core::ShownSlip& slip) {
    REQUIRE(std::holds_alternative<core::TakeBackSlip>(slip));
    return std::get<core::TakeBackSlip>(slip);
}

SlipTrouble trouble(const core::ShownSlip& slip) {
    REQUIRE(std::holds_alternative<SlipTrouble>(slip));
    return std::get<SlipTrouble>(slip);
}

SlipTrouble judged(std::string_view text) {
    return trouble(runtime::judge_code(base::as_bytes(text), {}).slip);
}

}  // namespace

TEST_CASE("slip codes: given at one terminal, taken back at another that never saw it (J7)") {
    Terminal a(1);
    Terminal b(2);
    const core::Slip slip = a.record(a.draft());
    const core::TakeBackSlip held = whole(b.held(slip.take_back));
    CHECK_FALSE(held.signed_here);
    CHECK_FALSE(held.taken_back_here);
    CHECK(held.date == model::day_of(a.world.clock.wall_ms()));
    const core::Slip none = b.record(core::make_slip_withdrawal(held, {"de", 100, "light", false}));
    CHECK(none.take_back.empty());
    CHECK(none.check.empty());
    CHECK(whole(b.held(slip.take_back)).taken_back_here);
    // Where it was given it is known as genuine, and nobody there has heard of the other act yet.
    CHECK(whole(a.held(slip.take_back)).signed_here);
    CHECK_FALSE(whole(a.held(slip.take_back)).taken_back_here);
}

TEST_CASE("slip codes: the act by slip ends the release in the holder's own list") {
    Terminal a(1);
    const core::Slip slip = a.record(a.draft());
    a.record(a.draft());
    a.record(
        core::make_slip_withdrawal(whole(a.held(slip.take_back)), {"de", 100, "light", false}));
    a.journal->load({{1, ++a.request}, a.draft().who.subject});
    const auto releases = a.answer<core::ReleasesLoaded, core::PlaceEvent>().releases;
    REQUIRE(releases.size() == 2);
    CHECK(releases[0].standing == core::Release::Standing::given);
    CHECK(releases[1].standing == core::Release::Standing::withdrawn);
}

TEST_CASE("slip codes: of an objection nobody gets a code that would let data pass again") {
    Terminal a(1);
    const core::Slip slip = a.record(a.draft(model::ActType::objection));
    CHECK_FALSE(slip.check.empty());
    CHECK(slip.take_back.empty());
}

TEST_CASE("slip codes: every other code says what it is") {
    Terminal a(1);
    Terminal b(2);
    const core::Slip slip = a.record(a.draft());
    CHECK(trouble(b.held(slip.check)) == SlipTrouble::half);
    CHECK(trouble(b.held("4006381333931")) == SlipTrouble::foreign);
    CHECK(trouble(b.held(slip.take_back.substr(0, slip.take_back.size() - 4))) ==
          SlipTrouble::damaged);
}

TEST_CASE("slip codes: in the name of this terminal, and not by its key, is forged") {
    Terminal a(1);
    Terminal forger(2);
    core::Slip slip;
    {
        fakes::JournalWorld world(3);
        world.terminal = a.world.terminal;
        auto journal = world.open();
        const auto given = journal.append(fakes::consent(7), journal::Slip::print);
        REQUIRE(given);
        slip.take_back = given->take_back_code;
    }
    CHECK(trouble(a.held(slip.take_back)) == SlipTrouble::forged);
    // No other terminal can know, and none refuses.
    CHECK_FALSE(whole(forger.held(slip.take_back)).signed_here);
}

TEST_CASE("slip codes: judged by themselves") {
    fakes::JournalWorld world(1);
    auto journal = world.open();
    const auto given = journal.append(fakes::consent(7), journal::Slip::print);
    REQUIRE(given);
    const std::string& code = given->take_back_code;
    const std::string secret = code.substr(code.find('~') + 1);
    const auto whole_code = runtime::judge_code(base::as_bytes(code), {});
    CHECK(whole(whole_code.slip).declaration == given->declaration);
    CHECK(whole_code.check_jws == given->check_code);
    CHECK(whole_code.check_jws.find(secret) == std::string::npos);
    SUBCASE("behind the address of a page") {
        const std::string address = "https://pruefung.example/check/#";
        CHECK(whole(runtime::judge_code(base::as_bytes(address + code), {}).slip).declaration ==
              given->declaration);
        CHECK(judged(address + given->check_code) == SlipTrouble::half);
        CHECK(judged("https://pruefung.example/") == SlipTrouble::foreign);
    }
    SUBCASE("another slip's secret") {
        const auto other = journal.append(fakes::consent(7), journal::Slip::print);
        REQUIRE(other);
        CHECK(judged(given->check_code + other->take_back_code.substr(other->take_back_code.find(
                                             '~'))) == SlipTrouble::damaged);
    }
    SUBCASE("every cut of it is damaged or foreign, none is taken for whole") {
        for (std::size_t length = 0; length < code.size(); ++length) {
            const SlipTrouble found = judged(std::string_view(code).substr(0, length));
            const bool is_check = length == given->check_code.size();
            CHECK((found == SlipTrouble::half) == is_check);
        }
    }
    SUBCASE("any changed letter of the secret is noticed") {
        for (std::size_t at = code.find('~') + 1; at < code.size(); ++at) {
            std::string changed = code;
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            CHECK(judged(changed) == SlipTrouble::damaged);
        }
    }
}

namespace {

/// A letter of amt-a until 7 January 2026.
std::string letter_by(const crypto::KeyPair& authority, fakes::SeededRandom& random) {
    const auto views = crypto::generate_key(crypto::Curve::p256, random);
    seal::Invitation invitation;
    invitation.authority = model::AuthorityId("amt-a");
    invitation.id = base::make_uuid7(1'764'000'000'000, std::array<std::uint8_t, 10>{1});
    invitation.entry = model::EntryId("JBA-03");
    invitation.until =
        model::Date{std::chrono::year{2026}, std::chrono::month{1}, std::chrono::day{7}};
    invitation.sealed =
        seal::seal_invited_file({"43-0815/2026", "2007-11-30"}, {"", views.point}, random).value();
    seal::PairSigner signer(authority, random);
    return seal::sign_invitation(invitation, signer).value();
}

consent::Catalogue catalogue_with(const std::string& slip_key) {
    consent::Catalogue catalogue;
    catalogue.authorities.resize(1);
    catalogue.authorities[0].id = "amt-a";
    catalogue.authorities[0].slip_key = slip_key;
    return catalogue;
}

}  // namespace

TEST_CASE("letters: believed by the key that the catalogue has, until their day, and not before") {
    Terminal terminal(1);
    fakes::SeededRandom random(5);
    const auto authority = crypto::generate_key(crypto::Curve::p256, random);
    const auto other = crypto::generate_key(crypto::Curve::p256, random);
    const std::string code = letter_by(authority, random);
    CHECK(trouble(terminal.held(code)) == SlipTrouble::invitation);
    terminal.slips->renew(catalogue_with(seal::write_public_jwk({"", authority.point})));
    const auto held = terminal.held(code);
    REQUIRE(std::holds_alternative<core::Invitation>(held));
    CHECK(std::get<core::Invitation>(held) == core::Invitation{"amt-a", "JBA-03", code});
    CHECK(trouble(terminal.held(letter_by(other, random))) == SlipTrouble::invitation_forged);
    terminal.floor_ms = 1'767'830'400'000;  // 2026-01-08
    CHECK(trouble(terminal.held(code)) == SlipTrouble::invitation_over);
    // The next catalogue has another key, or one that is none.
    terminal.slips->renew(catalogue_with(seal::write_public_jwk({"", other.point})));
    CHECK(trouble(terminal.held(code)) == SlipTrouble::invitation_forged);
    const std::string nowhere(43, 'A');
    terminal.slips->renew(catalogue_with(R"({"kty":"EC","crv":"P-256","x":")" + nowhere +
                                         R"(","y":")" + nowhere + R"("})"));
    CHECK(trouble(terminal.held(code)) == SlipTrouble::invitation);
}
