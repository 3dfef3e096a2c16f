// SPDX-License-Identifier: EUPL-1.2
// One virtual eID card: takes a command APDU, gives an answer APDU, and remembers what a card
// remembers. What lasts (passwords, trust points, clock) survives power_up(); what a session proved
// does not. Strict by intention: what the norm does not allow is refused. One thread.
// Norm: BSI TR-03110-2/-3/-4, TR-03127, ISO 7816-4.
#pragma once

#include <functional>

#include "tests/card/file_system.hpp"
#include "tests/card/pace.hpp"
#include "tests/card/person.hpp"
#include "tests/card/secure_messaging.hpp"
#include "tests/card/terminal_auth.hpp"

namespace card {

/// Answer to reset: contactless card with extended length and command chaining, EF.ATR present.
[[nodiscard]] const Bytes& answer_to_reset();

class Card {
  public:
    struct Options {
        Person person;
        TrustPoints trust_points;
        std::uint64_t seed = 0;
        ChipKey chip_key = ChipKey::genuine;
        Suite suite = {};
    };
    /// random must live longer than the card.
    Card(Options options, RandomSource& random);
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

    /// Power-up or reset: everything proven is forgotten.
    void power_up();
    /// One command, one answer (data and status word).
    [[nodiscard]] Bytes process(View command);

    /// Sees each command as the card understood it, protection taken off, and may change the answer
    /// before it is protected: for faults that only the card itself can make.
    using Watch = std::function<void(const Command& command, Answer& answer)>;
    void watch(Watch watch) { watch_ = std::move(watch); }

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] Passwords& passwords() { return passwords_; }
    [[nodiscard]] const Passwords& passwords() const { return passwords_; }
    [[nodiscard]] TrustPoints& trust_points() { return trust_points_; }
    [[nodiscard]] const SecurityStatus& status() const { return session_->status; }
    /// The Document Signer's own authority, DER: what a terminal must trust.
    [[nodiscard]] const Bytes& authority_certificate() const { return authority_; }

  private:
    enum class Pending { none, pace, chip, restricted };
    /// Everything that dies with the channel.
    struct Session {
        explicit Session(Card& card);
        std::optional<SecureMessaging> channel;
        std::optional<SessionKeys> next_keys;  ///< of the channel that starts after this answer
        SecurityStatus status;
        Pace pace;
        TerminalAuthentication terminal;
        ChipAuthentication chip;
        RestrictedIdentification restricted;
        Pending pending = Pending::none;  ///< whom the last MSE:Set AT called
        std::optional<Command> chain;     ///< commands collected by chaining
    };

    [[nodiscard]] Bytes process_whole(const Command& command);
    [[nodiscard]] Bytes envelope(const Command& piece);
    [[nodiscard]] Bytes get_response(const Command& command);
    [[nodiscard]] Bytes process_secured(const Command& command);
    [[nodiscard]] Bytes process_plain(const Command& command);
    [[nodiscard]] Answer assemble(const Command& command);
    [[nodiscard]] Answer execute(const Command& command);
    [[nodiscard]] StatusWord manage_environment(const Command& command);
    [[nodiscard]] Answer general_authenticate(const Command& command);
    [[nodiscard]] Answer run_pace(const Command& command);
    [[nodiscard]] Answer answer_to(const Command& command);
    void start_new_channel();

    std::string id_;
    Passwords passwords_;
    TrustPoints trust_points_;
    VerifiableData verifiable_;
    Suite suite_;
    CardKeys keys_;
    Bytes authority_;
    FileSystem files_;
    RandomSource& random_;
    Watch watch_;
    std::optional<Session> session_;  ///< always set after construction
    // A long command in pieces and its long answer, for readers without extended length.
    Bytes envelope_;
    Bytes waiting_;  ///< data and status word that GET RESPONSE still has to fetch
};

}  // namespace card
