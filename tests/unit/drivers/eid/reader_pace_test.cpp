// SPDX-License-Identifier: EUPL-1.2
// Whole runs with the PIN typed at the reader: the same result as with ours, nothing asked for
// twice, nothing believed that the card or the reader only claims, and every way it can fail.
#include "drivers/eid/reader_pace.hpp"

#include "drivers/base/limits.hpp"
#include "tests/unit/drivers/eid/pad_in_process.hpp"

#include <algorithm>

#include <doctest/doctest.h>

using base::Errc;
using eid_test::PadInProcess;
using eid_test::World;
using eid_test::WorldOptions;
using Suspended = eid::WithReaderPin::Suspended;

namespace {

eid::AuthenticateRequest request_at_reader(const World& world,
                                           Suspended suspended = Suspended::refuse) {
    auto request = world.request();
    request.credentials = eid::WithReaderPin{suspended, {}};
    return request;
}

base::Result<eid::AuthenticateResult> read(World& world, PadInProcess& pad,
                                           eid::AuthenticateRequest request) {
    const eid::AuthenticatePorts ports{pad,          *world.authenticator, world.clock,
                                       world.random, &world.observer,      world.stop.get_token()};
    return eid::authenticate(std::move(request), ports);
}

/// One run with this script, its error, and what it cost.
struct Failure {
    base::Error error{};
    unsigned asked = 0;
    unsigned tries_left = 0;
};
Failure fail(const std::string& script, Suspended suspended = Suspended::refuse,
             unsigned tries = 3) {
    World world;
    world.chip->passwords().pin_tries = tries;
    PadInProcess pad(*world.chip, script);
    const auto result = read(world, pad, request_at_reader(world, suspended));
    CAPTURE(script);
    REQUIRE_FALSE(result.has_value());
    CHECK(pad.reader.asked().pin.empty());
    return {result.error(), pad.reader.asked().times, world.chip->passwords().pin_tries};
}

bool is_protected(const base::Bytes& command) {
    return (command[0] & 0x0CU) != 0;
}

}  // namespace

TEST_CASE("reader pace: the PIN typed at the reader gives what the PIN typed here gives") {
    World world;
    const auto ours = world.read(world.request());
    REQUIRE(ours.has_value());
    world.observer = {};
    PadInProcess pad(*world.chip);
    const auto result = read(world, pad, request_at_reader(world));
    REQUIRE(result.has_value());
    CHECK(result->pseudonym->get() == ours->pseudonym->get());
    CHECK(result->groups.size() == ours->groups.size());
    CHECK(std::get<eid::Text>(result->groups.at(eid::DataGroup::given_names)).value == "LEYLA");
    CHECK(world.observer.tries == std::vector{eid::PinState::three_tries});
    // The four steps of PACE are the reader's.
    CHECK(result->apdus == limits::eid_run_apdus_max - 4);
    CHECK(pad.commands.size() == result->apdus);

    const auto& asked = pad.reader.asked();
    CHECK(asked.times == 1);
    CHECK(asked.password == 3);
    CHECK(asked.pin.empty());
    const eid::Chat chat{eid::Role::terminal, eid::needed_rights(request_at_reader(world))};
    CHECK(asked.chat == eid::encode_chat(chat));
}

TEST_CASE("reader pace: commands go plain until our own keys, and the reader's channel then ends") {
    World world;
    PadInProcess pad(*world.chip);
    REQUIRE(read(world, pad, request_at_reader(world)).has_value());
    const auto first = std::ranges::find_if(pad.commands, is_protected);
    REQUIRE(first != pad.commands.end());
    CHECK(std::all_of(first, pad.commands.end(), is_protected));
    // Chip authentication, the last plain one, is GENERAL AUTHENTICATE.
    CHECK((*(first - 1))[1] == 0x86);
    CHECK_FALSE(pad.reader.has_channel());
}

TEST_CASE("reader pace: a reader and a card of every size give a whole run") {
    for (const char* script : {"apdu_bytes=0", "apdu_bytes=255", "apdu_bytes=256", "apdu_bytes=257",
                               "apdu_bytes=512", "apdu_bytes=65536"}) {
        CAPTURE(script);
        World world;
        PadInProcess pad(*world.chip, script);
        CHECK(read(world, pad, request_at_reader(world)).has_value());
        // And the same reader without its pad: ENVELOPE carries what is too long for it.
        PadInProcess plain(*world.chip, script);
        CHECK(read(world, plain, world.request()).has_value());
    }
    for (const char* suite :
         {"brainpoolP256r1/128", "brainpoolP384r1/192", "brainpoolP512r1/256", "P-521/256"}) {
        CAPTURE(suite);
        World world({.suite = *card::parse_suite(suite)});
        PadInProcess pad(*world.chip);
        const auto result = read(world, pad, request_at_reader(world));
        CHECK(result.has_value());
    }
}

TEST_CASE(
    "reader pace: a wrong PIN is counted before, told with its counter, and never tried again") {
    World world;
    PadInProcess pad(*world.chip, "pin=111111");
    const auto wrong = read(world, pad, request_at_reader(world));
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().code == Errc::pin_wrong);
    CHECK(wrong.error().detail == 0x63C2);
    CHECK(world.observer.tries == std::vector{eid::PinState::three_tries});
    CHECK(pad.reader.asked().times == 1);
    CHECK(world.chip->passwords().pin_tries == 2);

    PadInProcess again(*world.chip);
    auto request = request_at_reader(world);
    request.expected_pin_state = eid::PinState::two_tries;
    CHECK(read(world, again, std::move(request)).has_value());
    CHECK(world.chip->passwords().pin_tries == 3);
}

TEST_CASE("reader pace: a suspended PIN needs the holder's consent, then the CAN, then the PIN") {
    const Failure refused = fail("", Suspended::refuse, 1);
    CHECK(refused.error.code == Errc::pin_suspended);
    CHECK(refused.asked == 0);

    World world;
    world.chip->passwords().pin_tries = 1;
    PadInProcess pad(*world.chip);
    CHECK(read(world, pad, request_at_reader(world, Suspended::ask_can)).has_value());
    CHECK(pad.reader.asked().times == 2);
    CHECK(world.observer.tries == std::vector{eid::PinState::suspended});
    CHECK(world.chip->passwords().pin_tries == 3);

    const Failure can = fail("can=111111", Suspended::ask_can, 1);
    CHECK(can.error.code == Errc::can_wrong);
    CHECK(can.asked == 1);
    CHECK(can.tries_left == 1);
    const Failure pin = fail("pin=111111", Suspended::ask_can, 1);
    CHECK(pin.error.code == Errc::pin_wrong);
    CHECK(pin.error.detail == 0x63C0);
    CHECK(pin.asked == 2);
    CHECK(pin.tries_left == 0);
    // With tries left nobody is asked for a CAN.
    PadInProcess usual(*world.chip);
    CHECK(read(world, usual, request_at_reader(world, Suspended::ask_can)).has_value());
    CHECK(usual.reader.asked().times == 1);
}

TEST_CASE("reader pace: what cannot succeed is known before anybody types") {
    CHECK(fail("", Suspended::ask_can, 0).error.code == Errc::pin_blocked);
    CHECK(fail("", Suspended::ask_can, 0).asked == 0);
    const auto untouched = [](World& world, PadInProcess& pad, eid::AuthenticateRequest request,
                              Errc errc) {
        const auto result = read(world, pad, std::move(request));
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == errc);
        CHECK(pad.reader.asked().times == 0);
        CHECK(world.observer.tries.empty());
    };
    {
        World world;
        world.chip->passwords().pin_active = false;
        PadInProcess pad(*world.chip);
        untouched(world, pad, request_at_reader(world), Errc::pin_deactivated);
    }
    {
        World world;
        world.chip->passwords().pin_tries = 2;
        PadInProcess pad(*world.chip);
        auto request = request_at_reader(world);
        request.expected_pin_state = eid::PinState::three_tries;
        untouched(world, pad, std::move(request), Errc::pin_counter_moved);
    }
    for (const char* script : {"abilities=none", "abilities=40", "abilities=90"}) {
        World world;
        PadInProcess pad(*world.chip, script);
        untouched(world, pad, request_at_reader(world), Errc::reader_feature_missing);
        CHECK(pad.commands.empty());
    }
    {
        // Before the first command, and between the last one and the pad.
        World world;
        PadInProcess pad(*world.chip);
        world.stop.request_stop();
        untouched(world, pad, request_at_reader(world), Errc::cancelled);
    }
}

TEST_CASE("reader pace: a stop that comes after the state was asked keeps the pad dark") {
    class Stopping final : public port::CardTransport {
      public:
        Stopping(PadInProcess& pad, std::stop_source& stop) : pad_(pad), stop_(stop) {}
        base::Result<base::Bytes> transmit(base::ByteView command) override {
            if (command[1] == 0x22) stop_.request_stop();
            return pad_.transmit(command);
        }
        [[nodiscard]] bool extended_length() const override { return true; }
        [[nodiscard]] port::PinPad* pin_pad() override { return pad_.pin_pad(); }

      private:
        PadInProcess& pad_;
        std::stop_source& stop_;
    };
    World world;
    PadInProcess pad(*world.chip);
    Stopping stopping(pad, world.stop);
    const auto result = eid::authenticate(
        request_at_reader(world), {stopping, *world.authenticator, world.clock, world.random,
                                   &world.observer, world.stop.get_token()});
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::cancelled);
    CHECK(pad.reader.asked().times == 0);
}

TEST_CASE("reader pace: everything a reader may answer instead") {
    struct Row {
        const char* script;
        Errc errc;
        unsigned tries_left = 3;
    };
    for (const Row& row :
         {Row{"result=F0200001", Errc::cancelled}, Row{"result=F0200002", Errc::card_timeout},
          Row{"result=F0100001", Errc::card_removed}, Row{"result=F0100002", Errc::card_removed},
          Row{"result=D0000003", Errc::reader_feature_missing},
          Row{"result=D0000001", Errc::pace_failed}, Row{"result=E0000006", Errc::pace_failed},
          Row{"result=F0026A80", Errc::right_missing},
          Row{"result=F0026A88", Errc::protocol_unsupported},
          Row{"result=F00263C0", Errc::pin_blocked}, Row{"result=F00263C1", Errc::pin_suspended},
          Row{"result=F0026283", Errc::pin_deactivated},
          Row{"result=F00263C2", Errc::card_status_unexpected},
          Row{"result=F0016A82", Errc::card_status_unexpected},
          Row{"result=F0006982", Errc::card_status_unexpected},
          Row{"result=F0066985", Errc::pin_suspended}, Row{"result=F0066983", Errc::pin_blocked},
          Row{"result=F0066984", Errc::pin_deactivated}, Row{"result=F0036700", Errc::pace_failed},
          Row{"answer=", Errc::card_answer_bad}, Row{"answer=00", Errc::card_answer_bad},
          Row{"answer=00000000ffff9000", Errc::card_answer_bad},
          Row{"cut=1", Errc::card_answer_bad}, Row{"cut=40", Errc::card_answer_bad},
          // The reader met another card, or another state, than we did.
          Row{"card_access=wrong", Errc::pace_failed}, Row{"status=63C2", Errc::pin_counter_moved},
          Row{"status=63C1", Errc::pin_counter_moved}, Row{"status=6A80", Errc::pin_counter_moved},
          Row{"status=0000", Errc::pin_counter_moved},
          // It forgets to protect, and the card's channel ends with the first command.
          Row{"protect=no", Errc::terminal_auth_refused}}) {
        CAPTURE(row.script);
        World world;
        PadInProcess pad(*world.chip);
        pad.follow(row.script);
        const auto result = read(world, pad, request_at_reader(world));
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == row.errc);
        CHECK(pad.reader.asked().times <= 1);
        CHECK(world.chip->passwords().pin_tries == row.tries_left);
    }
}

TEST_CASE("reader pace: the card leaves at any moment while the reader works") {
    for (unsigned at = 1; at <= 12; ++at) {
        CAPTURE(at);
        World world;
        unsigned seen = 0;
        reader::PadReader leaving([&](card::View command) -> std::optional<card::Bytes> {
            if (++seen >= at) return std::nullopt;
            return world.chip->process(command);
        });
        pcsc::PinPad pad(
            [&](std::uint32_t, base::ByteView request) -> base::Result<base::Bytes> {
                return leaving.execute_pace(request);
            },
            {}, {true, true, false, false});
        const auto outcome = pad.establish({port::PadPassword::pin, {}, {}});
        // EF.CardAccess, MSE:Set AT, four steps.
        if (outcome.has_value()) {
            CHECK(at > 6);
        } else {
            CHECK(outcome.error().code == Errc::card_removed);
        }
    }
}

TEST_CASE("reader pace: what the reader shows must be what the certificate names") {
    const base::Bytes description(300, 0x30);
    World world({.description = description});
    const auto run = [&](const base::Bytes& shown, PadInProcess& pad) {
        auto request = request_at_reader(world);
        request.credentials = eid::WithReaderPin{Suspended::refuse, shown};
        return read(world, pad, std::move(request));
    };
    {
        PadInProcess pad(*world.chip);
        CHECK(run(description, pad).has_value());
        CHECK(pad.reader.asked().description == description);
    }
    {
        PadInProcess pad(*world.chip);
        CHECK(run({}, pad).has_value());
        CHECK(pad.reader.asked().description.empty());
    }
    for (const std::size_t size :
         {std::size_t{299}, std::size_t{301}, limits::certificate_description_bytes_max + 1}) {
        PadInProcess pad(*world.chip);
        const auto other = run(base::Bytes(size, 0x30), pad);
        REQUIRE_FALSE(other.has_value());
        CHECK(other.error().code == Errc::certificate_bad);
        CHECK(pad.commands.empty());
    }
    // A certificate that names none cannot vouch for one.
    World silent;
    PadInProcess pad(*silent.chip);
    auto request = request_at_reader(silent);
    request.credentials = eid::WithReaderPin{Suspended::refuse, description};
    const auto result = read(silent, pad, std::move(request));
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::certificate_bad);
}
