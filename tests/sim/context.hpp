// SPDX-License-Identifier: EUPL-1.2
// What every part of one world shares: chance, the clock behind all clocks, the weather, the ledger
// and the trace. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "drivers/base/limits.hpp"
#include "drivers/port/clock.hpp"
#include "tests/sim/dice.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/mutant.hpp"
#include "tests/sim/trace.hpp"

namespace sim {

/// How often what goes wrong, in permille; drawn from the seed, so that worlds differ in kind.
struct Weather {
    std::uint64_t lost_before = 0;  ///< a request never arrives
    std::uint64_t lost_after = 0;   ///< it arrives, its answer does not
    std::uint64_t late = 0;         ///< the sender gives up, the request arrives some day
    std::uint64_t doubled = 0;      ///< it arrives now and some day again
    std::uint64_t proxy = 0;        ///< something on the way answers with an error of its own
    std::uint64_t cut_answer = 0;   ///< an answer ends in the middle
    std::uint64_t meanwhile = 0;    ///< others act while somebody waits for an answer
    std::uint64_t backend_kill = 0;
    std::uint64_t backend_power = 0;
    std::uint64_t backend_busy = 0;

    [[nodiscard]] static Weather drawn(Dice& dice);
};

struct Context {
    explicit Context(std::uint64_t seed_in) : seed(seed_in), dice(seed_in) {}

    std::uint64_t seed;
    Mutant mutant = Mutant::none;
    Dice dice;
    Trace trace;
    Ledger ledger;
    Weather weather;
    std::uint64_t now_ms = 1'795'000'000'000;  ///< the true time: 18 November 2026
    std::uint64_t crashes = 0;
    /// The backend was restored from an old backup; its tables may lack what it acknowledged.
    bool set_back = false;
    /// Its people have seen that, and its log goes on under the next name.
    struct NextLog {
        std::string name;
        std::vector<model::Digest> before;  ///< the leaves of the log that was given up
        std::uint64_t common = 0;           ///< so many of them the next log has, too
    };
    std::optional<NextLog> next_log;
    /// In every other world small batches, so that few records are many batches.
    [[nodiscard]] bool small_batches() const { return seed % 2 == 0; }
    [[nodiscard]] std::size_t batch_records(std::size_t device) const {
        return small_batches() ? 1 + (seed / 2 + device) % 6 : limits::batch_records_max;
    }

    /// Lets the rest of the world act while one part waits; set by the world.
    std::function<void()> meanwhile;
};

/// The clock of one machine: wrong by an offset, standing still, or right.
class MachineClock final : public port::Clock {
  public:
    explicit MachineClock(const Context& context)
        : context_(context), started_ms_(context.now_ms) {}

    [[nodiscard]] std::uint64_t wall_ms() const override {
        return stands_at_ms_ != 0 ? stands_at_ms_ : context_.now_ms + ahead_ms_ - behind_ms_;
    }
    [[nodiscard]] std::uint64_t boot_ms() const override {
        return context_.now_ms - started_ms_ + 5'000;
    }
    void reboot() { started_ms_ = context_.now_ms; }
    void jump(std::uint64_t ahead_ms, std::uint64_t behind_ms) {
        ahead_ms_ = ahead_ms;
        behind_ms_ = behind_ms;
        stands_at_ms_ = 0;
    }
    void stand_still() { stands_at_ms_ = wall_ms(); }

  private:
    const Context& context_;
    std::uint64_t started_ms_;
    std::uint64_t ahead_ms_ = 0;
    std::uint64_t behind_ms_ = 0;
    std::uint64_t stands_at_ms_ = 0;
};

}  // namespace sim
