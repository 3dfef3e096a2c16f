// SPDX-License-Identifier: EUPL-1.2
// A terminal for tests of the card: does each step of the general authentication procedure right,
// and lets a test replace any of them by something wrong. Stands on the card's own crypto, so it
// proves rules, not arithmetic; arithmetic is proven by tests/vectors and tests/interop.
// One thread.
#pragma once

#include "tests/card/card.hpp"
#include "tests/card/certificate_maker.hpp"

namespace card {

inline constexpr Rights all_rights{(1ULL << 38U) - 1};

class TerminalProbe {
  public:
    explicit TerminalProbe(Card& card) : card_(card) {}

    /// Sends a plain command given in hex; inside the channel if there is one.
    Answer send(std::string_view hex_command);
    Answer send(Command command);
    /// Sends these very bytes, past any channel.
    Answer send_raw(View bytes);
    /// The next secured command has one bit of its MAC wrong.
    void break_next_mac() { break_mac_ = true; }

    struct PaceOptions {
        PasswordId password = PasswordId::pin;
        std::string secret = "123456";
        std::optional<Rights> rights = std::nullopt;  ///< of the CHAT; none = no CHAT
    };
    /// Runs PACE. Status of the first step that is not 9000 (the PIN's state in the answer to
    /// MSE:Set AT does not count), else 9000 and the new channel is in use.
    StatusWord pace(const PaceOptions& options);
    [[nodiscard]] const std::vector<std::string>& authorities() const { return authorities_; }

    /// MSE:Set DST and PSO for one certificate.
    StatusWord present(View certificate);
    struct TerminalOptions {
        std::vector<Bytes> chain;
        KeyPair key;
        Bytes auxiliary;  ///< templates 73, without the 67 around them
    };
    StatusWord terminal_authentication(const TerminalOptions& options);
    /// CA with the given key id; checks the card's token against the public key of EF.CardSecurity.
    StatusWord chip_authentication(View chip_public_key);

    struct Identifier {
        StatusWord status;
        Bytes value;
    };
    enum class Sector { first, second };
    Identifier restricted_identification(std::uint8_t key_id, View sector_key, Sector sector);

    /// A whole file by short identifier; empty with status otherwise.
    Answer read(std::uint8_t short_id);
    /// PACE with all rights, TA, CA, eID application selected.
    StatusWord authenticate(const TestPki& pki, const PaceOptions& options, View auxiliary = {});

  private:
    void start_channel(SessionKeys keys);
    [[nodiscard]] Bytes wrap(const Command& command);
    [[nodiscard]] Answer unwrap(View response);
    void step();

    Card& card_;
    std::optional<SessionKeys> keys_;
    std::array<std::uint8_t, 16> counter_{};
    bool break_mac_ = false;
    std::vector<std::string> authorities_;
    Bytes chip_id_;
    KeyPair ephemeral_;
};

/// One auxiliary template 73 { 06 oid, 53 value }.
[[nodiscard]] Bytes auxiliary_template(View identifier, std::string_view value);

}  // namespace card
