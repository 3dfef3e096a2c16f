// SPDX-License-Identifier: EUPL-1.2
// Card, certificates and reader of card_run_fuzz. The input is a list of changes, four bytes each:
//
//   command (1 = first, modulo 32) | kind | place | value
//
// Nonces and ephemeral keys of both sides come from fixed seeds, so an input always meets the same
// run. One thread.
#pragma once

#include <memory>
#include <string>

#include "drivers/base/bytes.hpp"

namespace fuzz {

class CardRun {
  public:
    CardRun();
    CardRun(const CardRun&) = delete;
    CardRun& operator=(const CardRun&) = delete;
    ~CardRun();

    /// One run under these changes; ends the program if it breaks a promise of the driver.
    void check(base::ByteView changes) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
    std::string truth_;  ///< what a run without a change gives
};

}  // namespace fuzz
