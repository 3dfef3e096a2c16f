// SPDX-License-Identifier: EUPL-1.2
// A reader with a pad of its own that runs PACE itself: the PIN is typed there and never reaches
// this machine. From then on the reader protects what is sent, until a command comes that is
// protected already. Card thread only. Norms: PC/SC part 10 amendment 1 2.6.16, BSI TR-03119 D.1.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"

namespace port {

/// What a reader says it can do.
struct PinPadAbilities {
    bool pace = false;         ///< PACE with any password and no template
    bool eid = false;          ///< PACE of an authentication terminal, with a template (CHAT)
    bool signature = false;    ///< PACE of a signature terminal
    bool end_channel = false;  ///< DestroyPACEChannel
    bool new_pin = false;      ///< a new PIN can be typed there, twice
    friend constexpr bool operator==(const PinPadAbilities&, const PinPadAbilities&) = default;
};

/// What the holder is asked to type; the numbers are those of MSE:Set AT (TR-03110-3 B.14.1).
enum class PadPassword : std::uint8_t { can = 2, pin = 3, puk = 4 };

struct PadRequest {
    PadPassword password = PadPassword::pin;
    base::ByteView chat;  ///< 7F4C whole, 0..255 bytes; given if terminal authentication follows
    /// Certificate description that the reader shows, DER; may be empty.
    base::ByteView description;
};

/// The channel is open; the reader holds its keys.
struct PadChannel {
    std::uint16_t select_status = 0;  ///< the card's answer to MSE:Set AT: the PIN's state
    base::Bytes card_access;          ///< EF.CardAccess as the reader read it
    std::vector<std::string> authority_references;  ///< 0..2, most recent first
    base::Bytes chip_id;  ///< Comp(card's ephemeral key); empty without a template
};

/// The card refused a step. Data and not an error: what it means depends on the password.
struct PadRefusal {
    enum class Step : std::uint8_t { select_file, read_file, select_pace, pace };
    Step step = Step::pace;
    std::uint16_t status = 0;
};

using PadOutcome = std::variant<PadChannel, PadRefusal>;

class PinPad {
  public:
    virtual ~PinPad() = default;

    [[nodiscard]] virtual const PinPadAbilities& abilities() const = 0;

    /// Lets the holder type and runs PACE with the card; inside the reader's channel if one is
    /// open. Never repeated by itself.
    /// request  `chat` at most 255 bytes, `description` at most
    ///          limits::certificate_description_bytes_max (both CHECKed).
    /// errors   cancelled (on the pad), card_timeout (nobody typed), card_removed, pace_failed,
    ///          pin_deactivated, reader_feature_missing (the reader does not take this request),
    ///          card_answer_bad (the reader's answer breaks its format), those of CardTransport.
    /// cost     no APDU of ours; blocks while the holder types, as long as the reader allows.
    virtual base::Result<PadOutcome> establish(const PadRequest& request) = 0;

    /// Lets the holder type a new PIN twice and hands it to the card: RESET RETRY COUNTER, in the
    /// reader's channel.
    /// returns  the card's status word; the PIN is set with 9000 only.
    /// errors   cancelled, card_timeout, secret_format_bad (typed twice, and not the same; or too
    ///          short), reader_feature_missing, card_answer_bad, those of CardTransport.
    virtual base::Result<std::uint16_t> type_new_pin() = 0;
};

}  // namespace port
