// SPDX-License-Identifier: EUPL-1.2
// Every fault at every command of every flow. Each ends the flow with an error of the right family
// and without data, soon, and never moves a counter of the card for a secret that was not sent, nor
// twice for one that was. Only what nobody has protected yet (files before PACE, the status of
// MSE:Set AT) may be changed without harm; then the flow must end as it does without the fault.
#include "drivers/base/limits.hpp"
#include "tests/unit/drivers/eid/flows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

using base::Errc;
using card::Passwords;
using eid_test::Flow;
using eid_test::World;

namespace {

using Answer = base::Result<base::Bytes>;

/// What a fault makes of an answer; `before` is the answer to the command before it.
struct Fault {
    std::string name;
    Answer (*change)(base::Bytes answer, const base::Bytes& before);
    std::optional<Errc> always = {};  ///< the one code that this fault must end in, everywhere
    bool lasts = false;               ///< goes on for all later commands
};

Answer status(std::uint8_t first, std::uint8_t second) {
    return base::Bytes{first, second};
}

/// Without data there is no checksum and nothing to cut off: the answer stays as it was.
bool has_data(const base::Bytes& answer) {
    return answer.size() > 2;
}

const std::array<Fault, 11> faults = {{
    {"cut",
     [](base::Bytes, const base::Bytes&) -> Answer {
         return base::fail(Errc::card_removed, "pulled", 0x80100069);
     },
     Errc::card_removed, true},
    {"time-out",
     [](base::Bytes, const base::Bytes&) -> Answer {
         return base::fail(Errc::card_timeout, "slow");
     },
     Errc::card_timeout},
    {"empty", [](base::Bytes, const base::Bytes&) -> Answer { return base::Bytes{}; },
     Errc::card_answer_bad},
    {"oversized",
     [](base::Bytes answer, const base::Bytes&) -> Answer {
         answer.resize(limits::apdu_answer_bytes_max + 1, 0x00);
         return answer;
     },
     Errc::card_answer_bad},
    {"truncated",
     [](base::Bytes answer, const base::Bytes&) -> Answer {
         if (has_data(answer)) answer.erase(answer.end() - 3);
         return answer;
     }},
    {"wrong MAC",
     [](base::Bytes answer, const base::Bytes&) -> Answer {
         if (has_data(answer)) answer[answer.size() - 3] ^= 0x01U;
         return answer;
     }},
    {"flipped byte",
     [](base::Bytes answer, const base::Bytes&) -> Answer {
         answer[answer.size() / 2] ^= 0x10U;
         return answer;
     }},
    {"6F00", [](base::Bytes, const base::Bytes&) { return status(0x6F, 0x00); }},
    {"6982", [](base::Bytes, const base::Bytes&) { return status(0x69, 0x82); }},
    {"6988", [](base::Bytes, const base::Bytes&) { return status(0x69, 0x88); }},
    {"replay",
     [](base::Bytes answer, const base::Bytes& before) -> Answer {
         return before.empty() ? answer : before;
     }},
}};

/// How well the command was protected whose answer is changed.
enum class Phase : std::uint8_t { open, pace, secured };

/// What the reader saw: which secrets really went to the card.
struct Trace {
    unsigned commands = 0;
    unsigned inputs_sent = 0;  ///< last steps of PACE
    bool reset_sent = false;   ///< RESET RETRY COUNTER: a new PIN, or a use of the PUK
    bool in_pace = false;
    Phase phase = Phase::open;  ///< of the command that was struck

    void see(base::ByteView command, bool struck) {
        ++commands;
        const bool chained = (command[0] & 0x10U) != 0;
        const bool secured = (command[0] & 0x0CU) != 0;
        const bool authenticate = command[1] == 0x86;
        if (authenticate && !chained && in_pace) ++inputs_sent;
        in_pace = authenticate && chained;
        reset_sent = reset_sent || command[1] == 0x2C;
        if (!struck) return;
        phase = secured ? Phase::secured : authenticate ? Phase::pace : Phase::open;
    }
};

struct Ending {
    base::Result<std::string> result;
    Trace trace;
    unsigned tries_told = 0;
};

/// Runs the flow on a card that was just put in; strikes at that command, never if it is zero.
Ending run(World& world, const Flow& flow, const Fault& fault, unsigned at) {
    eid_test::enter(world, flow.home);
    world.reinsert();
    world.observer.tries.clear();
    Trace trace;
    base::Bytes before;
    world.transport->fault = [&](unsigned index, base::ByteView command, base::Bytes answer) {
        const bool strikes = at != 0 && (index == at || (fault.lasts && index > at));
        trace.see(command, index == at);
        if (strikes) return fault.change(std::move(answer), before);
        before = answer;
        return Answer(std::move(answer));
    };
    auto result = flow.run(world);
    return {std::move(result), trace, static_cast<unsigned>(world.observer.tries.size())};
}

bool same(const base::Result<std::string>& left, const base::Result<std::string>& right) {
    if (left.has_value() != right.has_value()) return false;
    return left ? *left == *right : left.error().code == right.error().code;
}

bool of_card_or_protocol(Errc code) {
    const int family = static_cast<int>(code) / 100;
    return family == 1 || family == 3;
}

/// Whether this error may come of this fault in this phase.
bool fits(const Fault& fault, Phase phase, Errc code) {
    if (fault.always) return code == *fault.always;
    if (phase == Phase::secured) return code == Errc::sm_mac_wrong;
    if (of_card_or_protocol(code)) return true;
    // The state of a secret is told in the open, and the proof of it runs there: a changed answer
    // can pass for what the card might have said.
    constexpr std::array told_in_open = {Errc::pin_suspended, Errc::puk_not_needed,
                                         Errc::puk_inoperative};
    constexpr std::array proved_in_open = {Errc::pin_wrong, Errc::can_wrong, Errc::puk_wrong,
                                           Errc::puk_inoperative};
    if (phase == Phase::open) return std::ranges::find(told_in_open, code) != told_in_open.end();
    return std::ranges::find(proved_in_open, code) != proved_in_open.end();
}

/// The card's own memory after a flow that was struck.
void check_card(const Flow& flow, const Ending& ending, const Passwords& before,
                const Passwords& after) {
    const auto& inputs = flow.inputs;
    CHECK(ending.trace.inputs_sent <= inputs.size());
    const auto pin = std::ranges::find(inputs, eid::PasswordId::pin);
    const auto place = static_cast<std::size_t>(pin - inputs.begin());
    const bool pin_sent = pin != inputs.end() && ending.trace.inputs_sent > place;
    if (pin_sent) {
        CHECK(after.pin_tries + 1 >= before.pin_tries);
        CHECK(ending.tries_told == 1);
    }
    CHECK(ending.tries_told <= 1);
    CHECK(after.can == before.can);
    CHECK(after.puk == before.puk);
    CHECK(after.pin_active == before.pin_active);
    if (ending.trace.reset_sent) {
        CHECK(after.puk_uses + 1 >= before.puk_uses);
        return;
    }
    CHECK(after.puk_uses == before.puk_uses);
    CHECK(after.pin == before.pin);
    if (!pin_sent) CHECK(after.pin_tries == before.pin_tries);
}

// A lost EF.ATR/INFO means shorter reads later; a lost EF.CardAccess costs fewer: two ways to the
// master file, and the file once more.
constexpr unsigned commands_extra_max = limits::eid_run_apdus_short_max - limits::eid_run_apdus_max;

/// One fault at each command of one flow. Returns how many runs ended in an error.
unsigned strike_everywhere(World& world, const Flow& flow, const Fault& fault,
                           const Ending& clean) {
    unsigned errors = 0;
    for (unsigned at = 1; at <= clean.trace.commands; ++at) {
        CAPTURE(flow.name);
        CAPTURE(fault.name);
        CAPTURE(at);
        eid_test::enter(world, flow.home);
        const Passwords before = world.chip->passwords();
        const Ending ending = run(world, flow, fault, at);
        check_card(flow, ending, before, world.chip->passwords());
        CHECK(ending.trace.commands >= at);
        CHECK(ending.trace.commands <= clean.trace.commands + commands_extra_max);
        if (fault.always) CHECK(ending.trace.commands == at);
        const bool unharmed = !fault.always && ending.trace.phase == Phase::open;
        if (unharmed && same(ending.result, clean.result)) continue;
        // A replayed or cut answer that is the very answer of the card is no fault.
        REQUIRE_FALSE(ending.result.has_value());
        CAPTURE(static_cast<int>(ending.result.error().code));
        CHECK(fits(fault, ending.trace.phase, ending.result.error().code));
        ++errors;
    }
    return errors;
}

}  // namespace

TEST_CASE("fault: each one at each command of each flow ends it, without data and unspent") {
    World world;
    std::ostringstream table;
    unsigned runs = 0;
    table << "faults x flows (errors of runs):";
    for (const Flow& flow : eid_test::flows()) {
        const Ending clean = run(world, flow, faults[0], 0);
        table << "\n  " << flow.name << " (" << clean.trace.commands << " commands):";
        CHECK(clean.trace.inputs_sent == flow.inputs.size());
        for (const Fault& fault : faults) {
            const unsigned errors = strike_everywhere(world, flow, fault, clean);
            table << ' ' << fault.name << ' ' << errors << '/' << clean.trace.commands;
            runs += clean.trace.commands;
        }
    }
    MESSAGE(table.str() << "\n  " << eid_test::flows().size() << " flows x " << faults.size()
                        << " faults, " << runs << " runs");
}

TEST_CASE("fault: a stop ends a run before the next command") {
    for (unsigned at = 1; at < limits::eid_run_apdus_max; ++at) {
        CAPTURE(at);
        World world;
        world.transport->fault = [&](unsigned index, base::ByteView, base::Bytes answer) -> Answer {
            if (index == at) world.stop.request_stop();
            return answer;
        };
        const auto result = world.read(world.request());
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == Errc::cancelled);
        CHECK(world.transport->commands == at);
        CHECK(world.observer.apdus == at);
    }
}

TEST_CASE("fault: another cipher offered in EF.CardAccess, which nothing protects, gives no data") {
    World world;
    world.transport->fault = [](unsigned index, base::ByteView, base::Bytes answer) -> Answer {
        if (index == 2) {
            for (std::size_t i = 0; i + 10 < answer.size(); ++i) {
                const bool pace =
                    answer[i] == 0x0A && answer[i + 7] == 0x02 && answer[i + 8] == 0x04;
                if (pace) answer[i + 10] = 0x04;
            }
        }
        return answer;
    };
    CHECK_FALSE(world.read(world.request()).has_value());
}
