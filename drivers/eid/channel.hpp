// SPDX-License-Identifier: EUPL-1.2
// The way of all commands of one card contact: plain at first, through secure messaging once keys
// are agreed, ours or those of a reader that runs PACE itself. It counts, picks short or extended
// form, chaining or envelopes, fetches what a card keeps back (61xx, 6Cxx), and never falls back to
// plain: a plain command would end the secure channel. Card thread only. Norms: BSI TR-03110-3 B.12
// (extended length), appendix E (envelope), appendix F; ISO/IEC 7816-4 5.3.3 (chaining), 11.7.1
// (GET RESPONSE).
#pragma once

#include <cstddef>
#include <optional>
#include <stop_token>

#include "drivers/apdu/command.hpp"
#include "drivers/base/result.hpp"
#include "drivers/eid/secure_messaging.hpp"
#include "drivers/port/card_transport.hpp"

namespace eid {

class Channel {
  public:
    /// A card whose ATR offers chaining and denies extended length gets long commands in pieces;
    /// any other gets them whole, or in envelopes where only the reader is short. stop  asked
    /// before each command; a command that runs is never cut, so no try is lost by
    ///       stopping.
    explicit Channel(port::CardTransport& transport, std::stop_token stop = {});

    /// Sends one command and returns the card's answer, protection taken off.
    /// errors  cancelled, sm_mac_wrong (the channel is dead after it), reader_feature_missing
    ///         (detail 0: the command needs extended length and the card refuses envelopes), and
    ///         those of port::CardTransport.
    base::Result<apdu::Answer> send(const apdu::Command& command);

    /// From now on everything goes under these keys; the counter starts at zero. Old keys are
    /// wiped.
    void secure(SessionKeys keys);
    [[nodiscard]] bool secured() const { return messaging_.has_value(); }
    /// From now on the reader protects what we hand over plain, with keys that only it knows, until
    /// secure() gives us keys of our own: the first protected command ends the reader's channel.
    /// norm  BSI TR-03119 D.1.2; may not follow secure() (CHECKed).
    void secure_by_reader();
    [[nodiscard]] bool secured_by_reader() const { return secured_by_reader_; }
    /// True once a stop was asked for: the next command would not be sent.
    [[nodiscard]] bool stopped() const { return stop_.stop_requested(); }

    /// Commands sent so far, envelopes and GET RESPONSE included.
    [[nodiscard]] unsigned apdu_count() const { return apdu_count_; }
    [[nodiscard]] bool extended_length() const { return transport_.extended_length(); }
    /// Answer data one READ BINARY may ask for (see learn_buffers); 223 through short protected
    /// answers, 256 plain.
    [[nodiscard]] std::size_t read_bytes_max() const;
    /// Sets the size of answers that the card itself declares in EF.ATR/INFO.
    void learn_answer_bytes(std::size_t answer_bytes) { answer_bytes_ = answer_bytes; }

  private:
    base::Result<apdu::Answer> send_once(const apdu::Command& command);
    base::Result<apdu::Answer> send_whole(const apdu::Command& command);
    [[nodiscard]] bool wants_pieces(const apdu::Command& command) const;
    base::Result<apdu::Answer> exchange(const apdu::Command& command);
    base::Result<apdu::Answer> fetch_rest(apdu::Answer whole);
    base::Result<apdu::Answer> exchange_by_envelope(const apdu::Command& command);
    base::Result<apdu::Answer> transmit(base::ByteView bytes);

    port::CardTransport& transport_;
    std::stop_token stop_;
    std::optional<SecureMessaging> messaging_;
    bool secured_by_reader_ = false;
    std::size_t answer_bytes_ = 0;
    unsigned apdu_count_ = 0;
};

}  // namespace eid
