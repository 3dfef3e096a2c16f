// SPDX-License-Identifier: EUPL-1.2
// Every fault at every command of a run with the PIN typed at the reader, and of the entry itself:
// each ends the run or changes nothing, the holder types at most once, and the card's counter moves
// at most by what was typed. Between reader and driver nothing is protected until chip
// authentication: what is changed there must be found later.
#include <array>
#include <functional>

#include "tests/unit/drivers/eid/pad_in_process.hpp"

#include <doctest/doctest.h>

using base::Errc;
using eid_test::PadInProcess;
using eid_test::World;

namespace {

using Answer = base::Result<base::Bytes>;

struct Fault {
    const char* name;
    std::function<Answer(base::Bytes)> change;
    std::optional<Errc> always = {};
};

const std::array<Fault, 6> faults = {{
    {"cut", [](base::Bytes) -> Answer { return base::fail(Errc::card_removed, "pulled"); },
     Errc::card_removed},
    {"unplugged", [](base::Bytes) -> Answer { return base::fail(Errc::reader_missing, "plug"); },
     Errc::reader_missing},
    {"empty", [](base::Bytes) -> Answer { return base::Bytes{}; }, Errc::card_answer_bad},
    {"6F00",
     [](base::Bytes) -> Answer {
         return base::Bytes{0x6F, 0x00};
     }},
    {"9000",
     [](base::Bytes) -> Answer {
         return base::Bytes{0x90, 0x00};
     }},
    {"flipped",
     [](base::Bytes answer) -> Answer {
         answer[(answer.size() - 2) / 2] ^= 0x04U;
         return answer;
     }},
}};

/// Between driver and reader: strikes at one answer.
class Struck final : public port::CardTransport {
  public:
    Struck(PadInProcess& pad, const Fault& fault, unsigned at)
        : pad_(pad), fault_(fault), at_(at) {}
    Answer transmit(base::ByteView command) override {
        auto answer = pad_.transmit(command);
        if (++commands != at_ || !answer) return answer;
        return fault_.change(std::move(*answer));
    }
    [[nodiscard]] bool extended_length() const override { return true; }
    [[nodiscard]] base::ByteView atr() const override { return pad_.atr(); }
    [[nodiscard]] port::PinPad* pin_pad() override { return pad_.pin_pad(); }
    unsigned commands = 0;

  private:
    PadInProcess& pad_;
    const Fault& fault_;
    unsigned at_;
};

struct Ending {
    base::Result<eid::AuthenticateResult> result;
    unsigned commands;
    unsigned asked;
};
Ending run(World& world, const Fault& fault, unsigned at) {
    PadInProcess pad(*world.chip);
    Struck struck(pad, fault, at);
    auto request = world.request();
    request.credentials = eid::WithReaderPin{};
    auto result = eid::authenticate(std::move(request),
                                    {struck, *world.authenticator, world.clock, world.random,
                                     &world.observer, world.stop.get_token()});
    return {std::move(result), struck.commands, pad.reader.asked().times};
}

std::string name_of(const eid::AuthenticateResult& result) {
    return std::get<eid::Text>(result.groups.at(eid::DataGroup::family_names)).value;
}

}  // namespace

TEST_CASE("reader pace: every fault at every command ends the run or changes nothing") {
    World world;
    const Ending clean = run(world, faults[0], 0);
    REQUIRE(clean.result.has_value());
    unsigned unharmed = 0;
    for (const Fault& fault : faults) {
        for (unsigned at = 1; at <= clean.commands; ++at) {
            CAPTURE(fault.name);
            CAPTURE(at);
            world.observer.tries.clear();
            const Ending ending = run(world, fault, at);
            CHECK(ending.asked <= 1);
            CHECK(world.observer.tries.size() == ending.asked);
            // What was typed is right: nothing that happens on the way may cost a try.
            CHECK(world.chip->passwords().pin_tries == 3);
            if (!ending.result) {
                if (fault.always) CHECK(ending.result.error().code == *fault.always);
                continue;
            }
            ++unharmed;
            CHECK_FALSE(fault.always.has_value());
            CHECK(name_of(*ending.result) == name_of(*clean.result));
            CHECK(ending.result->pseudonym->get() == clean.result->pseudonym->get());
        }
    }
    // A lost EF.ATR/INFO, or a 9000 where it came anyway, harms nobody; few can be like that.
    CHECK(unharmed > 0);
    CHECK(unharmed <= 2 * clean.commands);
}

TEST_CASE("reader pace: an answer of the reader with any one byte changed opens nothing wrong") {
    World world;
    PadInProcess whole(*world.chip);
    const base::Bytes chat =
        eid::encode_chat({eid::Role::terminal, eid::needed_rights(world.request())});
    const auto request = pcsc::encode_establish_request({port::PadPassword::pin, chat, {}});
    const std::size_t size = whole.reader.execute_pace(request).size();
    REQUIRE(size > 100);
    for (std::size_t at = 0; at < size; ++at) {
        CAPTURE(at);
        PadInProcess pad(*world.chip);
        pcsc::PinPad changed(
            [&](std::uint32_t, base::ByteView asked) -> Answer {
                base::Bytes answer = pad.reader.execute_pace(asked);
                answer[at] ^= 0x01U;
                return answer;
            },
            {}, {true, true, false, false});
        class WithPad final : public port::CardTransport {
          public:
            WithPad(PadInProcess& card, port::PinPad& pad) : card_(card), pad_(pad) {}
            Answer transmit(base::ByteView command) override { return card_.transmit(command); }
            [[nodiscard]] bool extended_length() const override { return true; }
            [[nodiscard]] port::PinPad* pin_pad() override { return &pad_; }

          private:
            PadInProcess& card_;
            port::PinPad& pad_;
        } transport(pad, changed);
        auto wanted = world.request();
        wanted.credentials = eid::WithReaderPin{};
        const auto result = eid::authenticate(
            std::move(wanted), {transport, *world.authenticator, world.clock, world.random,
                                &world.observer, world.stop.get_token()});
        CHECK_FALSE(result.has_value());
        CHECK(pad.reader.asked().times == 1);
        CHECK(world.chip->passwords().pin_tries == 3);
    }
}
