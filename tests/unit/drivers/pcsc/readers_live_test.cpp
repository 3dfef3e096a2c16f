// SPDX-License-Identifier: EUPL-1.2
// Several readers as they really come and go: two of vpcd and one of ours, which can be unplugged.
// Run by tests/reader/with_reader.sh beside a pcscd of its own; READER_SCRIPT is what our reader
// follows.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "drivers/pcsc/connection.hpp"
#include "drivers/pcsc/control.hpp"
#include "drivers/pcsc/monitor.hpp"
#include "tests/unit/drivers/pcsc/live_world.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using base::Errc;
using pcsc::Connection;
using pcsc::EventKind;
using pcsc_test::CardProcess;
using pcsc_test::Events;

namespace {

constexpr const char* first = "Virtual PCD 00 00";
constexpr const char* second = "Virtual PCD 00 01";
constexpr const char* pad = "Freigabe Pad 00 00";
constexpr unsigned first_port = 35963;
constexpr unsigned second_port = 35964;
constexpr unsigned pad_port = 35970;
const base::Bytes select_master_file{0x00, 0xA4, 0x00, 0x0C};

/// Replaces the script in one step: pcscd may read it at any time.
void follow(const std::string& more) {
    const char* path = std::getenv("READER_SCRIPT");
    REQUIRE(path != nullptr);
    const std::string made = std::string(path) + ".made";
    std::ofstream(made) << "port=" << pad_port << "\n" << more << "\n";
    REQUIRE(std::rename(made.c_str(), path) == 0);
}

bool answers(Connection& connection) {
    return connection.transmit(select_master_file).has_value();
}

Errc error_of(const base::Result<std::unique_ptr<Connection>>& result) {
    REQUIRE_FALSE(result.has_value());
    return result.error().code;
}

/// The cards of the case before have been seen to leave.
void wait_until_empty() {
    const auto context = pcsc::Context::establish();
    REQUIRE(context.has_value());
    for (int i = 0; i < 200; ++i) {
        if (context->with_card({first, second, pad}).value().empty()) return;
        std::this_thread::sleep_for(50ms);
    }
    FAIL("a reader is not empty after ten seconds");
}

/// All three readers have been told of.
void wait_for_readers(Events& events) {
    for (int i = 0; i < 3; ++i) REQUIRE(events.wait_for(EventKind::reader_added).has_value());
}

}  // namespace

TEST_CASE("readers: a card in the second reader is told and found there, and nowhere else") {
    wait_until_empty();
    Events events;
    const pcsc::Monitor monitor(events.handler());
    wait_for_readers(events);
    const CardProcess card(second_port);
    const auto inserted = events.wait_for(EventKind::card_inserted);
    REQUIRE(inserted.has_value());
    CHECK(inserted->reader == second);
    auto connection = Connection::open(second, inserted->insertion);
    REQUIRE(connection.has_value());
    CHECK(answers(**connection));
    CHECK((*connection)->pin_pad() == nullptr);
    CHECK(error_of(Connection::open(first)) == Errc::card_removed);
    CHECK(error_of(Connection::open(pad)) == Errc::card_removed);
    const auto context = pcsc::Context::establish();
    REQUIRE(context.has_value());
    CHECK(context->with_card({first, second, pad}).value() == std::vector<std::string>{second});
}

TEST_CASE("readers: of two cards each keeps its own reader, insertion and contact") {
    wait_until_empty();
    Events events;
    const pcsc::Monitor monitor(events.handler());
    wait_for_readers(events);
    std::optional<CardProcess> one(std::in_place, first_port);
    const auto in_first = events.wait_for(EventKind::card_inserted);
    REQUIRE(in_first.has_value());
    const CardProcess other(pad_port, "erika");
    const auto in_pad = events.wait_for(EventKind::card_inserted);
    REQUIRE(in_pad.has_value());
    CHECK(in_first->reader == first);
    CHECK(in_pad->reader == pad);
    auto to_first = Connection::open(first, in_first->insertion);
    auto to_pad = Connection::open(pad, in_pad->insertion);
    REQUIRE(to_first.has_value());
    REQUIRE(to_pad.has_value());
    CHECK(answers(**to_first));
    CHECK(answers(**to_pad));
    // Only one of them has a pad.
    CHECK((*to_first)->pin_pad() == nullptr);
    REQUIRE((*to_pad)->pin_pad() != nullptr);
    CHECK((*to_pad)->pin_pad()->abilities().eid);

    one.reset();
    const auto removed = events.wait_for(EventKind::card_removed);
    REQUIRE(removed.has_value());
    CHECK(removed->reader == first);
    CHECK((*to_first)->transmit(select_master_file).error().code == Errc::card_removed);
    CHECK(answers(**to_pad));
}

TEST_CASE("readers: one that is unplugged during a contact says so, and the others go on") {
    wait_until_empty();
    Events events;
    const pcsc::Monitor monitor(events.handler());
    wait_for_readers(events);
    const CardProcess staying(first_port);
    REQUIRE(events.wait_for(EventKind::card_inserted, first).has_value());
    {
        const CardProcess card(pad_port);
        REQUIRE(events.wait_for(EventKind::card_inserted, pad).has_value());
        auto connection = Connection::open(pad);
        auto other = Connection::open(first);
        REQUIRE(connection.has_value());
        REQUIRE(other.has_value());
        CHECK(answers(**connection));

        follow("plugged=no");
        // The card first: whoever waits for it must not wait for a reader that is gone.
        const auto card_gone = events.wait_for(EventKind::card_removed);
        REQUIRE(card_gone.has_value());
        CHECK(card_gone->reader == pad);
        const auto reader_gone = events.wait_for(EventKind::reader_removed);
        REQUIRE(reader_gone.has_value());
        CHECK(reader_gone->reader == pad);

        const auto answer = (*connection)->transmit(select_master_file);
        REQUIRE_FALSE(answer.has_value());
        CAPTURE(answer.error().detail);
        CHECK(answer.error().code == Errc::reader_missing);
        CHECK(error_of(Connection::open(pad)) == Errc::reader_missing);
        CHECK(answers(**other));
    }
    const auto context = pcsc::Context::establish();
    REQUIRE(context.has_value());
    CHECK(context->readers().value() == std::vector<std::string>{first, second});
    CHECK(pcsc::describe_reader(*context, pad).error().code == Errc::reader_missing);

    // Plugged in again, with a card that lies in it already.
    const CardProcess waiting(pad_port);
    follow("");
    const auto added = events.wait_for(EventKind::reader_added);
    REQUIRE(added.has_value());
    CHECK(added->reader == pad);
    const auto inserted = events.wait_for(EventKind::card_inserted, pad);
    REQUIRE(inserted.has_value());
    auto connection = Connection::open(pad, inserted->insertion);
    REQUIRE(connection.has_value());
    CHECK(answers(**connection));
}

TEST_CASE(
    "readers: what a reader can do is known with an empty slot, and without touching a card") {
    const auto context = pcsc::Context::establish();
    REQUIRE(context.has_value());
    follow("apdu_bytes=512");
    const auto info = pcsc::describe_reader(*context, pad);
    REQUIRE(info.has_value());
    CHECK(info->apdu_bytes == 512);
    REQUIRE(info->pad.has_value());
    CHECK(info->pad->eid);
    CHECK(info->pad->end_channel);
    follow("abilities=none");
    CHECK_FALSE(pcsc::describe_reader(*context, pad)->pace_code.has_value());
    follow("answer=0000000001");
    const auto silent = pcsc::describe_reader(*context, pad);
    REQUIRE(silent.has_value());
    CHECK(silent->pace_code.has_value());
    CHECK_FALSE(silent->pad.has_value());
    follow("");
}
