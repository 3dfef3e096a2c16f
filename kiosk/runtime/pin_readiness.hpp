// SPDX-License-Identifier: EUPL-1.2
// What this terminal needs, besides a card, to read one with the PIN: a key within reach, a
// certificate of today, a block list young enough. Each is a value with an age, so that the mode
// can be said on screen before anybody is asked for a card (LR-80). Card thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "drivers/eid/authenticate.hpp"
#include "drivers/eid/block_list.hpp"
#include "drivers/eid/date.hpp"
#include "drivers/port/terminal_authenticator.hpp"

namespace runtime {

/// Why the PIN cannot be used now; the first that holds.
enum class PinObstacle : std::uint8_t { none, signer, certificate, block_list };
/// For the log: static words.
[[nodiscard]] const char* name(PinObstacle obstacle);

struct BlockListRule {
    std::filesystem::path file;  ///< looked at again whenever another file lies there
    base::Bytes sector_key;      ///< 7F49 of the revocation sector
    std::uint32_t days_max = 0;
};

class PinReadiness {
  public:
    /// authenticator outlives this object. rule: nothing = cards are not looked up.
    PinReadiness(port::TerminalAuthenticator& authenticator, std::optional<BlockListRule> rule)
        : authenticator_(authenticator), rule_(std::move(rule)) {}

    /// Asks the signer for today's certificates and looks for a new block list. What went wrong is
    /// logged and then answered by obstacle(). cost: a remote signer's answer, at most
    /// limits::sign_answer_ms_max; a new list of a million cards about 0.1 s.
    void refresh();
    /// Another list, or other days, from the next refresh() on. The old list serves until the new
    /// one was opened.
    void renew(std::optional<BlockListRule> rule);
    /// today  by the time floor.
    [[nodiscard]] PinObstacle obstacle(const eid::Date& today) const;
    /// Why the last refresh() got no signer; nothing if it got one.
    [[nodiscard]] const std::optional<base::Error>& signer_error() const { return signer_error_; }
    /// Hours since the terminal certificate became effective; 0 without one.
    [[nodiscard]] std::uint32_t certificate_age_h(const eid::Date& today) const;
    /// For eid::authenticate; valid until the next refresh(). Nothing if no list is configured;
    /// with one configured and unusable, obstacle() says so.
    [[nodiscard]] std::optional<eid::BlockListCheck> block_list_check() const;

  private:
    void read_certificate();
    void read_block_list();

    port::TerminalAuthenticator& authenticator_;
    std::optional<BlockListRule> rule_;
    std::optional<base::Error> signer_error_ = base::Error{base::Errc::signer_failed, "unasked", 0};
    std::optional<eid::Date> effective_;
    std::optional<eid::Date> expiration_;
    std::optional<eid::BlockList> list_;
    std::filesystem::file_time_type list_written_{};
};

}  // namespace runtime
