// SPDX-License-Identifier: EUPL-1.2
// A fault at every command of a full run: card out, changed, cut, replaced and oversized answers, a
// stop. Each ends the run with an error, and none of them ever costs more tries than the one the
// holder agreed to.
#include "drivers/eid/authenticate.hpp"

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/limits.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::World;

namespace {

constexpr unsigned commands_of_run = limits::eid_run_apdus_max;
// EF.ATR/INFO is an option, EF.CardAccess is read again from the master file, and the answer to
// MSE:Set AT is a status word alone: a fault there may do no harm. From PACE on every fault must
// end the run.
constexpr unsigned harmless_commands = 3;

using Change = std::function<base::Result<base::Bytes>(base::Bytes)>;

/// One world for all runs of a fault: keys are made once, the card is put in again each time.
void at_every_command(const char* what, const Change& change,
                      const std::function<void(unsigned, const base::Error&)>& look) {
    World world;
    for (unsigned at = 1; at <= commands_of_run; ++at) {
        CAPTURE(what);
        CAPTURE(at);
        world.reinsert();
        world.chip->passwords().pin_tries = 3;
        world.transport->fault = [&](unsigned index, base::ByteView,
                                     base::Bytes answer) -> base::Result<base::Bytes> {
            if (index != at) return answer;
            return change(std::move(answer));
        };
        const auto result = world.read(world.request());
        if (at <= harmless_commands && result.has_value()) continue;
        REQUIRE_FALSE(result.has_value());
        look(at, result.error());
        CHECK(world.chip->passwords().pin_tries >= 2);
        CHECK(world.transport->commands >= at);
    }
}

}  // namespace

TEST_CASE("fault: a card pulled at any command ends the run as card_removed, at that command") {
    World world;
    for (unsigned at = 1; at <= commands_of_run; ++at) {
        CAPTURE(at);
        world.reinsert();
        world.transport->fault = [&](unsigned index, base::ByteView,
                                     base::Bytes answer) -> base::Result<base::Bytes> {
            if (index < at) return answer;
            return base::fail(Errc::card_removed, "pulled", 0x80100069);
        };
        const auto result = world.read(world.request());
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == Errc::card_removed);
        CHECK(result.error().detail == 0x80100069);
        CHECK(world.transport->commands == at);
        CHECK(world.chip->passwords().pin_tries == 3);
    }
}

TEST_CASE("fault: an answer cut to its status word is never believed") {
    at_every_command(
        "status only",
        [](base::Bytes answer) { return base::Bytes(answer.end() - 2, answer.end()); },
        [](unsigned at, const base::Error& error) {
            // MSE:Set AT before PACE has no data to lose; everything protected must fail its
            // checksum.
            if (at > 7) CHECK(error.code == Errc::sm_mac_wrong);
        });
}

TEST_CASE("fault: answers of zero and one byte are malformed") {
    for (const std::size_t size : {0U, 1U}) {
        at_every_command(
            "short",
            [&](base::Bytes answer) {
                return base::Bytes(answer.begin(),
                                   answer.begin() + static_cast<std::ptrdiff_t>(size));
            },
            [](unsigned, const base::Error& error) { CHECK(error.code == Errc::card_answer_bad); });
    }
}

TEST_CASE("fault: an answer longer than any answer may be is malformed") {
    at_every_command(
        "long",
        [](base::Bytes answer) {
            answer.resize(limits::apdu_answer_bytes_max + 1, 0x00);
            return answer;
        },
        [](unsigned, const base::Error& error) { CHECK(error.code == Errc::card_answer_bad); });
}

TEST_CASE("fault: one flipped bit under secure messaging kills the channel") {
    at_every_command(
        "bit",
        [](base::Bytes answer) {
            answer[answer.size() / 2] ^= 0x10U;
            return answer;
        },
        [](unsigned at, const base::Error& error) {
            if (at > 7) CHECK(error.code == Errc::sm_mac_wrong);
        });
}

TEST_CASE(
    "fault: a plain error in place of a protected answer kills the channel and keeps its status") {
    at_every_command(
        "plain 6988",
        [](base::Bytes) {
            return base::Bytes{0x69, 0x88};
        },
        [](unsigned at, const base::Error& error) {
            if (at <= 7) return;
            CHECK(error.code == Errc::sm_mac_wrong);
            CHECK(error.detail == 0x6988);
        });
}

TEST_CASE("fault: the answer of the command before, replayed, is refused") {
    World world;
    for (unsigned at = 9; at <= commands_of_run; ++at) {
        CAPTURE(at);
        world.reinsert();
        base::Bytes before;
        world.transport->fault = [&](unsigned index, base::ByteView,
                                     base::Bytes answer) -> base::Result<base::Bytes> {
            if (index == at) return before;
            before = answer;
            return answer;
        };
        const auto result = world.read(world.request());
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == Errc::sm_mac_wrong);
    }
}

TEST_CASE("fault: a stop ends the run before the next command") {
    for (unsigned at = 1; at < commands_of_run; ++at) {
        CAPTURE(at);
        World world;
        world.transport->fault = [&](unsigned index, base::ByteView,
                                     base::Bytes answer) -> base::Result<base::Bytes> {
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

TEST_CASE("fault: a card whose EF.CardSecurity or access file was changed yields no data") {
    World world;
    // EF.CardAccess is not protected: another cipher offered there is noticed in the signed file at
    // the latest.
    world.transport->fault = [](unsigned index, base::ByteView,
                                base::Bytes answer) -> base::Result<base::Bytes> {
        if (index == 2) {
            for (std::size_t i = 0; i + 9 < answer.size(); ++i) {
                const bool pace =
                    answer[i] == 0x0A && answer[i + 7] == 0x02 && answer[i + 8] == 0x04;
                if (pace) answer[i + 10] = 0x04;
            }
        }
        return answer;
    };
    CHECK_FALSE(world.read(world.request()).has_value());
}
