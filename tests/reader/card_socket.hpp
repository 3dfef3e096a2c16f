// SPDX-License-Identifier: EUPL-1.2
// The wire on which a virtual card comes into the reader, seen from the reader: it listens, the
// card connects, and closing is taking out. The same format as vpcd: 16-bit big-endian length,
// payload; a payload of one byte is a control code. One thread; a card that hangs holds the reader
// up for some seconds at most.
#pragma once

#include <chrono>
#include <optional>

#include "tests/card/bytes.hpp"

namespace reader {

class CardSocket {
  public:
    enum class Control : std::uint8_t { power_off = 0, power_on = 1, reset = 2, give_atr = 4 };

    CardSocket() = default;
    CardSocket(const CardSocket&) = delete;
    CardSocket& operator=(const CardSocket&) = delete;
    ~CardSocket() { close(); }

    /// False if the port is taken. On the loopback interface only.
    [[nodiscard]] bool listen(std::uint16_t port);
    void close();

    /// Lets a waiting card in, notices one that has gone. One that follows another waits a second:
    /// pcscd looks every 0.4 s, and no hand is faster than that.
    [[nodiscard]] bool card_present();
    void send(Control control);
    /// One payload there and one back; nothing if the card is gone.
    [[nodiscard]] std::optional<card::Bytes> exchange(card::View payload);

  private:
    [[nodiscard]] bool send_payload(card::View payload);
    [[nodiscard]] bool receive_exactly(std::span<std::uint8_t> buffer);
    void drop_card();

    int listening_ = -1;
    int card_ = -1;
    std::chrono::steady_clock::time_point empty_until_{};
};

}  // namespace reader
