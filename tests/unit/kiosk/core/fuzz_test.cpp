// SPDX-License-Identifier: EUPL-1.2
// Random people and random workers: whatever happens in whatever order, the invariants hold. The
// seed is printed first; FREIGABE_SEED repeats a run.
#include <cstdlib>
#include <random>

#include "tests/screens/walker.hpp"
#include "tests/unit/kiosk/core/state_facts.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using walker::Walker;

class Chaos {
  public:
    Chaos(const walker::World& world, std::uint64_t seed) : random_(seed), walker_(world) {
        walker_.answers_insight = seed % 2 == 0;
    }

    void turn() {
        const bool review = facts::is<core::Review>(walker_.state()) &&
                            std::get<core::Review>(walker_.state().place).all_seen;
        const bool may_append = review || facts::is<core::TakeBack>(walker_.state()) ||
                                facts::is<core::SlipAsk>(walker_.state()) ||
                                facts::is<core::AskAccess>(walker_.state()) ||
                                (facts::is<core::Failed>(walker_.state()) &&
                                 std::get<core::Failed>(walker_.state().place).draft.has_value());
        const std::size_t appended = walker_.appended.size();
        const std::size_t effects = walker_.effects.size();
        const bool by_person = act();
        if (walker_.appended.size() > appended) {
            CHECK(walker_.appended.size() == appended + 1);
            CHECK(may_append);
            CHECK(by_person);
        }
        for (std::size_t i = effects; i < walker_.effects.size(); ++i) {
            const std::string& effect = walker_.effects[i];
            const bool spends =
                effect.starts_with("RunEid") || effect == "ChangePin" || effect == "UnblockPin";
            if (spends) CHECK(by_person);
        }
        const core::State& state = walker_.state();
        if (state.overlay) CHECK(facts::typed_digits(state) == 0);
        const bool saying = facts::is<core::Saving>(state) || facts::is<core::Failed>(state);
        if (!state.common.card_present && !saying) {
            CHECK_FALSE(facts::holds_person(state));
            CHECK_FALSE(facts::holds_insight(state));
        }
        const auto targets = walker::targets(walker_.screen());
        CHECK(std::find(targets.begin(), targets.end(), "tool.leave") != targets.end());
    }

  private:
    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

    /// True if a person did it.
    bool act() {
        const std::size_t dice = below(100);
        if (dice < 70) {
            if (below(4) == 0) walker_.read_all();
            const auto ids = walker::targets(walker_.screen());
            // Leaving is one button among many here, or no run would get far.
            const std::string& id = ids[below(ids.size())];
            if (id != "tool.leave" || below(10) == 0) walker_.tap(id);
            return true;
        }
        if (dice < 75) {
            walker_.seconds(static_cast<std::uint32_t>(1 + below(20)));
            return false;
        }
        if (dice < 80) {
            walker_.card_in(static_cast<std::uint8_t>(below(4)));
            return false;
        }
        worker();
        return false;
    }

    void worker() {
        static constexpr std::array errors{base::Errc::pin_wrong,       base::Errc::card_removed,
                                           base::Errc::can_wrong,       base::Errc::pin_blocked,
                                           base::Errc::card_foreign,    base::Errc::sm_mac_wrong,
                                           base::Errc::pin_suspended,   base::Errc::puk_wrong,
                                           base::Errc::puk_inoperative, base::Errc::puk_not_needed};
        core::Ticket ticket = walker_.ticket;
        if (below(5) == 0) ticket.request -= 1;  // an answer to an older question
        const base::Errc errc = errors[below(errors.size())];
        switch (below(19)) {
            case 0:
                return walker_.card_out();
            case 1:
                return walker_.send(core::PinKnown{ticket, static_cast<std::uint8_t>(below(4))});
            case 2:
                return walker_.send(core::ProbeFailed{ticket, errc});
            case 3:
            case 4:
                if (!walker_.state().common.card_present)
                    return;  // a card that is gone cannot finish
                return walker_.send(core::EidDone{ticket, walker::leyla()});
            case 5:
                return walker_.send(
                    core::EidFailed{ticket, errc, static_cast<std::uint8_t>(below(4))});
            case 6:
            case 7:
                return walker_.send(core::Journaled{ticket, walker::some_slip()});
            case 8:
                return walker_.send(core::JournalFailed{ticket, base::Errc::journal_full});
            case 9:
                return walker_.send(core::ReleasesFailed{ticket, base::Errc::open_failed});
            case 10:
                return walker_.send(core::PinCareDone{ticket});
            case 11:
                return walker_.send(
                    core::PinCareFailed{ticket, errc, static_cast<std::uint8_t>(below(4))});
            case 12:
                return walker_.send(core::ReaderChanged{below(3) == 0 ? core::Reader::missing
                                                                      : core::Reader::ready});
            case 13:
                return walker_.send(core::InsightKnown{ticket, walker::some_known()});
            case 16:
                return walker_.hold(core::slip_troubles[below(core::slip_troubles.size())]);
            case 17: {
                core::TakeBackSlip slip = walker::some_take_back();
                slip.taken_back_here = below(4) == 0;
                return walker_.hold(slip);
            }
            case 15:
                return walker_.send(core::CopyDeleted{
                    ticket, below(2) == 0 ? std::optional(base::Errc::journal_io) : std::nullopt});
            case 14:
                return walker_.send(core::InsightFailed{ticket, base::Errc::network_timeout});
            default:
                return walker_.send(core::LinkChanged{below(2) == 0, {}});
        }
    }

    std::mt19937_64 random_;
    Walker walker_;
};

}  // namespace

TEST_CASE("fuzz: no order of events breaks an invariant") {
    const char* wanted = std::getenv("FREIGABE_SEED");
    const std::uint64_t first =
        wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : std::random_device{}();
    MESSAGE("FREIGABE_SEED=" << first);
    static const walker::World world = walker::make_world();
    for (std::uint64_t run = 0; run < 20; ++run) {
        Chaos chaos(world, first + run);
        for (int turn = 0; turn < 300; ++turn) chaos.turn();
    }
}
