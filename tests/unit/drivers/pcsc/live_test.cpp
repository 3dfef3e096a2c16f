// SPDX-License-Identifier: EUPL-1.2
// Readers, cards and the death of pcscd as they really happen. Run by live_test.sh beside a pcscd
// of its own; the program of the virtual card comes in the environment as FREIGABE_CARD.
#include <csignal>
#include <optional>
#include <string>

#include "drivers/pcsc/connection.hpp"
#include "drivers/pcsc/monitor.hpp"
#include "tests/unit/drivers/pcsc/live_world.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using pcsc::EventKind;
using pcsc_test::CardProcess;
using pcsc_test::Events;

namespace {

constexpr const char* reader_name = "Virtual PCD 00 00";

}  // namespace

// One case, because the last step takes pcscd away from everything after it.
TEST_CASE("pcsc: readers, cards, exchange, a second client, and a pcscd that dies") {
    Events events;
    std::optional<pcsc::Monitor> monitor(std::in_place, events.handler());
    REQUIRE(events.wait_for(EventKind::reader_added).has_value());

    unsigned first_insertion = 0;
    {
        const CardProcess card;
        const auto inserted = events.wait_for(EventKind::card_inserted);
        REQUIRE(inserted.has_value());
        CHECK(inserted->reader == reader_name);
        first_insertion = inserted->insertion;
        {
            auto connection = pcsc::Connection::open(reader_name, first_insertion);
            REQUIRE(connection.has_value());
            CHECK((*connection)->extended_length());
            CHECK_FALSE((*connection)->atr().empty());
            const base::Bytes select{0x00, 0xA4, 0x00, 0x0C};
            const auto answer = (*connection)->transmit(select);
            REQUIRE(answer.has_value());
            CHECK(answer->size() >= 2);
            // Nobody else gets in between.
            CHECK(pcsc::Connection::open(reader_name).error().code == base::Errc::card_busy);
        }
        // The reset at the end of a contact is no new insertion.
        auto again = pcsc::Connection::open(reader_name, first_insertion);
        CHECK(again.has_value());
    }
    REQUIRE(events.wait_for(EventKind::card_removed).has_value());
    CHECK(pcsc::Connection::open(reader_name).error().code == base::Errc::card_removed);
    CHECK(pcsc::Connection::open("no such reader").error().code == base::Errc::reader_missing);
    {
        const CardProcess card;
        const auto inserted = events.wait_for(EventKind::card_inserted);
        REQUIRE(inserted.has_value());
        CHECK(inserted->insertion != first_insertion);
        CHECK(pcsc::Connection::open(reader_name, first_insertion).error().code ==
              base::Errc::card_exchanged);
        auto connection = pcsc::Connection::open(reader_name, inserted->insertion);
        REQUIRE(connection.has_value());

        kill(pcsc_test::pid_of_pcscd(), SIGKILL);
        const auto gone = events.wait_for(EventKind::service_gone);
        REQUIRE(gone.has_value());
        CHECK(gone->error == base::Errc::reader_service_gone);
        const auto answer = (*connection)->transmit(base::Bytes{0x00, 0xA4, 0x00, 0x0C});
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == base::Errc::reader_service_gone);
    }
    CHECK(pcsc::Connection::open(reader_name).error().code == base::Errc::reader_service_gone);
    const auto before = std::chrono::steady_clock::now();
    monitor.reset();
    CHECK(std::chrono::steady_clock::now() - before < 5s);
}

TEST_CASE("pcsc: a monitor that waits ends at once when it is no longer wanted") {
    for (int i = 0; i < 5; ++i) {
        Events events;
        const pcsc::Monitor monitor(events.handler());
        if (i % 2 == 0) std::this_thread::yield();
    }
}
