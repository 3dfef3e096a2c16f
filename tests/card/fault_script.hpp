// SPDX-License-Identifier: EUPL-1.2
// Faults of a card on demand: which command is answered wrongly, and how. A script is a list of
// faults as --fault writes them; all that fit a command are applied, in this order: delay, cut,
// token, sw, mac, truncate, replay. Pure, one thread.
//
//   at=N       only command N, counted from 1 since the program started; left out: every command
//   sw=XXXX    this status word alone, unprotected         truncate   half of the data is missing
//   delay=MS   the answer comes late                       replay     the answer before, once more
//   mac=wrong  one bit of the checksum is wrong            cut        the card is pulled instead
//   token=wrong  the card cannot prove PACE or its chip: one bit of that token is wrong
#pragma once

#include <vector>

#include "tests/card/apdu.hpp"

namespace card {

struct Fault {
    std::size_t at = 0;  ///< 0 = every command
    std::optional<StatusWord> status;
    unsigned delay_ms = 0;
    bool wrong_mac = false;
    bool wrong_token = false;
    bool truncate = false;
    bool replay = false;
    bool cut = false;
};
/// Nothing if a word is unknown, a number is none, or there is no fault in it.
[[nodiscard]] std::optional<Fault> parse_fault(std::string_view text);

class FaultScript {
  public:
    explicit FaultScript(std::vector<Fault> faults) : faults_(std::move(faults)) {}

    /// A command has come in; the next two hold for it.
    void next_command() { ++number_; }
    [[nodiscard]] unsigned delay_ms() const;
    [[nodiscard]] bool cut() const;
    /// Changes what the card says, before it is protected.
    void change_plain(Answer& answer) const;
    /// Changes what the card sends.
    [[nodiscard]] Bytes change_sent(Bytes answer);

  private:
    template <class Use>
    void for_this_command(Use use) const;

    std::vector<Fault> faults_;
    std::size_t number_ = 0;
    Bytes before_;
};

}  // namespace card
