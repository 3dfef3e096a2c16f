// SPDX-License-Identifier: EUPL-1.2
// The card thread with the real pcscd and virtual cards: the care for the PIN in one contact, and
// that what was typed for one card, one count or one person never reaches another.
#include "kiosk/runtime/card_worker.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <semaphore>

#include "drivers/eid/pin_management.hpp"
#include "drivers/pcsc/connection.hpp"
#include "tests/unit/drivers/pcsc/live_world.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using namespace std::chrono_literals;
using base::Errc;
using pcsc_test::CardProcess;

namespace {

constexpr const char* reader = "Virtual PCD 00 00";
constexpr const char* letter_pin = "12345";
constexpr const char* own_pin = "246802";

/// A signer that can be made to hold the card thread until the test lets it go.
class Gate final : public port::TerminalAuthenticator {
  public:
    base::Result<void> refresh() override {
        if (closed) {
            reached.release();
            opened.acquire();
        }
        return base::fail(Errc::network_unreachable, "gate");
    }
    [[nodiscard]] const std::vector<base::Bytes>& chain_certificates() const override {
        return chain_;
    }
    [[nodiscard]] base::ByteView terminal_certificate() const override { return {}; }
    base::Result<base::Bytes> sign(base::ByteView) override {
        return base::fail(Errc::signer_failed, "gate");
    }
    std::atomic<bool> closed = false;
    std::counting_semaphore<> reached{0};
    std::counting_semaphore<> opened{0};

  private:
    std::vector<base::Bytes> chain_;
};

class StillClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override { return 0; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return 0; }
};

/// The worker, and the next answer of a kind.
class Desk {
  public:
    Desk() : worker_({}, std::nullopt, {rung(mailbox_, posted_), gate, clock_}) {
        worker_.set_today(eid::Date{std::chrono::year{2026} / 11 / 26});
    }
    runtime::CardWorker& worker() { return worker_; }

    /// The next event of a kind; nothing if none comes within half a minute.
    template <class E>
    std::optional<E> wait() {
        for (int i = 0; i < 1000; ++i) {
            while (auto event = mailbox_.take()) {
                auto* of_place = std::get_if<core::PlaceEvent>(&event->body);
                if (of_place == nullptr) continue;
                if (std::holds_alternative<core::PinCareDone>(*of_place)) ++done;
                if (auto* wanted = std::get_if<E>(of_place)) return std::move(*wanted);
            }
            if (!posted_.try_acquire_for(30s)) break;
        }
        return std::nullopt;
    }
    template <class E>
    E next() {
        auto found = wait<E>();
        REQUIRE(found.has_value());
        return std::move(*found);
    }
    /// Tries of the card that lies there.
    std::uint8_t tries() {
        worker_.probe({ticket()});
        return next<core::PinKnown>().tries_left;
    }
    core::ChangePin change(std::string_view from, std::string_view to) {
        return {ticket(), core::Pin(base::as_bytes(from)), core::Pin(base::as_bytes(to)), {}};
    }
    core::UnblockPin unblock(std::string_view puk) {
        return {ticket(), core::Puk(base::as_bytes(puk))};
    }
    core::Ticket ticket() { return {1, ++request_}; }

    Gate gate;
    int done = 0;  ///< acts on the PIN that succeeded

  private:
    /// The box with its bell, before the worker begins to post.
    static runtime::Mailbox& rung(runtime::Mailbox& box, std::counting_semaphore<>& bell) {
        box.on_post([&bell] { bell.release(); });
        return box;
    }
    std::uint32_t request_ = 0;
    std::counting_semaphore<> posted_{0};
    runtime::Mailbox mailbox_;
    StillClock clock_;
    runtime::CardWorker worker_;
};

/// A card on the reader; the reader is empty again before the next one is laid down, as between two
/// people, and as pcscd needs it.
class Laid {
  public:
    Laid(Desk& desk, const std::string& person) : desk_(desk) {
        card_.emplace(35963, person);
        (void)desk_.next<core::CardInserted>();
    }
    ~Laid() {
        card_.reset();
        CHECK(desk_.wait<core::CardRemoved>().has_value());
    }
    Laid(const Laid&) = delete;
    Laid& operator=(const Laid&) = delete;

  private:
    Desk& desk_;
    std::optional<CardProcess> card_;
};

/// Somebody else at the same card: one wrong PIN.
void spend_a_try() {
    auto card = pcsc::Connection::open(reader);
    REQUIRE(card.has_value());
    crypto::SystemRandom random;
    const auto spent = eid::change_pin(
        {eid::Pin(base::as_bytes(std::string_view("999999"))),
         eid::Pin(base::as_bytes(std::string_view(own_pin))), std::nullopt, std::nullopt},
        {**card, random});
    REQUIRE(spent.error().code == Errc::pin_wrong);
}

}  // namespace

TEST_CASE("card worker: the letter PIN is replaced; a wrong PIN costs one try and says so") {
    Desk desk;
    const Laid card(desk, "transport_pin");
    REQUIRE(desk.tries() == 3);
    core::ChangePin wrong = desk.change("54321", own_pin);
    const core::Ticket asked = wrong.ticket;
    desk.worker().care(std::move(wrong));
    const auto failed = desk.next<core::PinCareFailed>();
    CHECK(failed.ticket == asked);
    CHECK(failed.errc == Errc::pin_wrong);
    CHECK(failed.tries_left == 2);
    desk.worker().care(desk.change(letter_pin, own_pin));
    (void)desk.next<core::PinCareDone>();
    CHECK(desk.tries() == 3);
    desk.worker().care(desk.change(own_pin, "864208"));
    (void)desk.next<core::PinCareDone>();
}

TEST_CASE("card worker: the PUK unblocks; wrong, not needed and used up are told apart") {
    Desk desk;
    {
        const Laid card(desk, "blocked");
        REQUIRE(desk.tries() == 0);
        desk.worker().care(desk.unblock("0000000000"));
        CHECK(desk.next<core::PinCareFailed>().errc == Errc::puk_wrong);
        desk.worker().care(desk.unblock("9876543210"));
        (void)desk.next<core::PinCareDone>();
        CHECK(desk.tries() == 3);
        desk.worker().care(desk.unblock("9876543210"));
        CHECK(desk.next<core::PinCareFailed>().errc == Errc::puk_not_needed);
    }
    const Laid card(desk, "puk_used_up");
    REQUIRE(desk.tries() == 0);
    desk.worker().care(desk.unblock("9876543210"));
    CHECK(desk.next<core::PinCareFailed>().errc == Errc::puk_inoperative);
}

TEST_CASE("card worker: a card exchanged after it was asked gets nothing typed for the other") {
    Desk desk;
    {
        const Laid first(desk, "transport_pin");
        REQUIRE(desk.tries() == 3);
    }
    const Laid second(desk, "transport_pin");
    desk.worker().care(desk.change("54321", own_pin));
    CHECK(desk.next<core::PinCareFailed>().errc == Errc::card_exchanged);
    desk.worker().run(core::RunEid{desk.ticket(), core::Purpose::give,
                                   core::Pin(base::as_bytes(std::string_view("654321")))});
    CHECK(desk.next<core::EidFailed>().errc == Errc::card_exchanged);
    CHECK(desk.tries() == 3);
    desk.worker().care(desk.change(letter_pin, own_pin));
    (void)desk.next<core::PinCareDone>();
}

TEST_CASE("card worker: a counter that moved after it was asked stops the act unspent") {
    Desk desk;
    const Laid card(desk, "erika");
    REQUIRE(desk.tries() == 3);
    spend_a_try();
    desk.worker().care(desk.change("123456", own_pin));
    CHECK(desk.next<core::PinCareFailed>().errc == Errc::pin_counter_moved);
    CHECK(desk.tries() == 2);
}

TEST_CASE("card worker: the PIN of a person who has left does not run after them") {
    Desk desk;
    const Laid card(desk, "transport_pin");
    REQUIRE(desk.tries() == 3);
    desk.gate.closed = true;
    desk.worker().run(core::RunEid{desk.ticket(), core::Purpose::give,
                                   core::Pin(base::as_bytes(std::string_view("654321")))});
    REQUIRE(desk.gate.reached.try_acquire_for(30s));
    desk.worker().care(desk.change(letter_pin, own_pin));
    desk.worker().cancel();
    desk.gate.closed = false;
    desk.gate.opened.release();
    CHECK(desk.next<core::EidFailed>().errc == Errc::network_unreachable);
    CHECK(desk.tries() == 3);
    CHECK(desk.done == 0);
    desk.worker().care(desk.change(letter_pin, own_pin));  // the letter PIN is still the one
    (void)desk.next<core::PinCareDone>();
}

TEST_CASE("card worker: a question too many is refused in its own kind") {
    Desk desk;
    const Laid card(desk, "transport_pin");
    REQUIRE(desk.tries() == 3);
    desk.gate.closed = true;
    desk.worker().run(core::RunEid{desk.ticket(), core::Purpose::give,
                                   core::Pin(base::as_bytes(std::string_view("654321")))});
    REQUIRE(desk.gate.reached.try_acquire_for(30s));
    for (int i = 0; i < 4; ++i) desk.worker().probe({desk.ticket()});
    desk.worker().care(desk.unblock("9876543210"));
    CHECK(desk.next<core::PinCareFailed>().errc == Errc::card_busy);
    desk.worker().probe({desk.ticket()});
    CHECK(desk.next<core::ProbeFailed>().errc == Errc::card_busy);
    desk.gate.closed = false;
    desk.gate.opened.release();
    (void)desk.next<core::EidFailed>();
}
