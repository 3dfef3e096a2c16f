// SPDX-License-Identifier: EUPL-1.2
// The wire to a virtual reader: vpcd inside pcscd listens, the card connects. Opening the socket is
// "card in", closing it is "card out". One thread; calls block for one message at most.
// Format: 16-bit big-endian length, payload; a payload of one byte is a control code.
#pragma once

#include "tests/card/bytes.hpp"

namespace card {

class VpcdConnection {
  public:
    VpcdConnection() = default;
    VpcdConnection(const VpcdConnection&) = delete;
    VpcdConnection& operator=(const VpcdConnection&) = delete;
    ~VpcdConnection() { close(); }

    /// False if nobody listens there.
    [[nodiscard]] bool open(const std::string& host, std::uint16_t port);
    void close();
    [[nodiscard]] bool is_open() const { return socket_ >= 0; }
    /// For poll(); -1 when closed.
    [[nodiscard]] int descriptor() const { return socket_; }

    enum class Kind { gone, power_off, power_on, reset, give_atr, command };
    struct Message {
        Kind kind = Kind::gone;
        Bytes command;
    };
    /// Waits for one message; the connection is closed when it says `gone`.
    [[nodiscard]] Message receive();
    /// Sends length and payload in one piece.
    void send(View payload);

  private:
    [[nodiscard]] bool receive_exactly(std::span<std::uint8_t> buffer);
    int socket_ = -1;
};

}  // namespace card
