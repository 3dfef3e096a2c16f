// SPDX-License-Identifier: EUPL-1.2
// syncd's end of the socket: one request, one answer, each with a deadline. A cancel descriptor
// ends any wait. Not for use from several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/port/clock.hpp"
#include "sync/outbox/frame.hpp"
#include "sync/outbox/unix_socket.hpp"

namespace outbox {

class Client {
  public:
    /// clock outlives the client. cancel_fd: readable = give up with `cancelled`; -1 = none. Does
    /// not connect yet.
    Client(std::string path, port::Clock& clock, int cancel_fd);
    virtual ~Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Bodies come as the kiosk made them; empty = nothing to send.
    /// errors (all calls)  network_unreachable (no kiosk; detail = errno), network_timeout,
    /// cancelled, message_bad,
    ///                     and the Errc that the kiosk answered with. The next call connects anew
    ///                     after the first four.
    base::Result<std::string> pull_batch();
    base::Result<std::string> pull_advance();
    base::Result<void> store_receipt(std::string_view set);
    base::Result<void> store_event(std::uint64_t n, std::string_view set);
    base::Result<std::uint64_t> event_cursor();
    base::Result<std::uint64_t> log_size();
    base::Result<void> store_checkpoint(std::string_view note, base::ByteView proof);
    base::Result<void> tell_chains(std::vector<ChainStand> chains);
    base::Result<Unproven> unproven();
    base::Result<void> store_inclusion(StoreInclusion claim);
    /// Bodies behind a place of the chain; empty = nothing unsent there. errors: record_bad.
    base::Result<std::string> pull_after(const PullAfter& place);
    /// A manifest's payload -> compact JWS.
    base::Result<std::string> sign_manifest(std::string_view payload);
    base::Result<void> tell_link(const LinkStatus& status);
    /// device_absent: this terminal has no root, so nothing comes down to it.
    base::Result<DownstreamState> downstream_state();
    base::Result<void> offer(OfferFile::What what, std::string_view file);
    base::Result<void> store_piece(const StorePiece& piece);
    [[nodiscard]] bool connected() const { return socket_.has_value(); }
    void disconnect();
    /// Readable when the kiosk has said something unasked, or has gone; -1 while not connected.
    [[nodiscard]] int descriptor() const { return socket_.has_value() ? socket_.get() : -1; }
    /// Takes what the kiosk has said unasked, without waiting. returns true once for each news.
    /// errors  network_unreachable (the kiosk has gone), message_bad; not connected after either.
    base::Result<bool> take_news();

  protected:
    /// One question over the socket. Virtual for the simulation, which has none.
    virtual base::Result<Answer> ask(const Request& request);

  private:
    base::Result<Answer> exchange(base::ByteView request);
    base::Result<Answer> read_one(std::uint64_t deadline_ms);
    base::Result<void> read_unasked();

    std::string path_;
    port::Clock& clock_;
    int cancel_fd_;
    Socket socket_;
    FrameReader reader_{Towards::syncd};
    base::Bytes input_;  ///< received and not yet read
    bool news_ = false;
};

}  // namespace outbox
